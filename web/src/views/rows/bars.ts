import type { CustomSeriesOption, Option } from '../../charts/echarts'
import { tooltips, valueAxis } from '../../charts/lines'
import { tip, type Look } from '../../charts/look'
import { number } from '../../design/format'
import { signed, type Difference, type Step } from './shape'

const rowHeight = 30
export const barsHeight = (count: number): number => 56 + rowHeight * count

function frame(labels: string[], look: Look, isNarrow: boolean): Option {
  return {
    tooltip: tooltips(look),
    grid: { left: 8, right: isNarrow ? 44 : 64, top: 8, bottom: 8, containLabel: true },
    xAxis: valueAxis(look),
    yAxis: {
      type: 'category',
      data: labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: look.ink, width: isNarrow ? 128 : 260, overflow: 'truncate' },
    },
  }
}

/** Colour and an arrow in the label both tell up from down. */
const arrow = (value: number): string => (value > 0 ? '\u25b2' : value < 0 ? '\u25bc' : '')

/** Baseline, parts and score, each part beginning where the one above it ends. */
export function waterfall(steps: Step[], look: Look, isNarrow: boolean): Option {
  const labels = steps.map((step) => step.label)
  const series: CustomSeriesOption = {
    type: 'custom',
    data: steps.map((step, k) => ({
      value: [step.from, step.to, k],
      id: step.id || undefined,
      name: step.label,
    })),
    encode: { x: [0, 1], y: 2 },
    tooltip: {
      formatter: (hit) => {
        const step = steps[(Array.isArray(hit) ? hit[0] : hit)?.dataIndex ?? 0]
        if (!step) return ''
        const isTotal = step.kind === 'baseline' || step.kind === 'score'
        return tip(step.label, [
          isTotal ? ['Score', number(step.to, 3)] : ['Part', signed(step.to - step.from, 3)],
          ...(isTotal ? [] : [`${number(step.from, 3)} to ${number(step.to, 3)}`]),
        ])
      },
    },
    renderItem: (params, api) => {
      const step = steps[params.dataIndex]
      if (!step) return null
      const k = params.dataIndex
      const [x1 = 0, y = 0] = api.coord([step.from, k])
      const [x2 = 0] = api.coord([step.to, k])
      const isTotal = step.kind === 'baseline' || step.kind === 'score'
      const change = step.to - step.from
      const fill = isTotal ? look.ink : change >= 0 ? look.plus : look.minus
      const next = k < steps.length - 1
      const right = Math.max(x1, x2) + (isTotal ? 7 : 0)
      const text = isTotal ? number(step.to, 2) : `${arrow(change)} ${signed(change)}`
      return {
        type: 'group',
        children: [
          isTotal
            ? {
                type: 'polygon' as const,
                shape: {
                  points: [
                    [x2, y - 9],
                    [x2 + 7, y],
                    [x2, y + 9],
                    [x2 - 7, y],
                  ],
                },
                style: { fill },
              }
            : {
                type: 'rect' as const,
                shape: { x: Math.min(x1, x2), y: y - 9, width: Math.max(1, Math.abs(x2 - x1)), height: 18 },
                style: { fill },
              },
          ...(next
            ? [
                {
                  type: 'line' as const,
                  shape: { x1: x2, y1: y + 9, x2, y2: y + rowHeight - 9 },
                  style: { stroke: look.edge, lineWidth: 1 },
                },
              ]
            : []),
          {
            type: 'text',
            style: {
              text,
              x: right + 5,
              y,
              fill: look.ink,
              verticalAlign: 'middle',
              fontSize: 11,
              fontFamily: look.font,
            },
          },
        ],
      }
    },
  }
  return { ...frame(labels, look, isNarrow), series: [series] }
}

/** Differences around zero: to the right what speaks for this row, to the left what speaks for the other. */
export function around(
  all: { id: string; label: string; value: number; says: string }[],
  look: Look,
  isNarrow: boolean,
): Option {
  return {
    ...frame(
      all.map((one) => one.label),
      look,
      isNarrow,
    ),
    series: [
      {
        type: 'bar',
        barWidth: 16,
        data: all.map((one) => ({
          value: one.value,
          id: one.id,
          name: one.label,
          itemStyle: { color: one.value >= 0 ? look.plus : look.minus },
          label: {
            show: true,
            position: 'right' as const,
            color: look.ink,
            fontSize: 11,
            formatter: `${arrow(one.value)} ${signed(one.value)}`,
          },
        })),
        tooltip: {
          formatter: (hit: unknown) => {
            const one = all[(hit as { dataIndex: number }).dataIndex]
            return one ? tip(one.label, [one.says, ['Difference', signed(one.value, 3)]]) : ''
          },
        },
        markLine: {
          symbol: 'none',
          silent: true,
          label: { show: false },
          lineStyle: { color: look.edge, type: 'solid', width: 1 },
          data: [{ xAxis: 0 }],
        },
      },
    ],
  } as Option
}

export const differences = (
  all: Difference[],
): { id: string; label: string; value: number; says: string }[] =>
  all.map((one) => ({
    id: one.feature,
    label: one.title,
    value: one.difference,
    says: one.here === one.there ? `Both: ${one.here}` : `${one.here} here, ${one.there} there`,
  }))
