import type { CustomSeriesOption, Option, Series } from '../../charts/echarts'
import { legend, legendHeight, lines, tooltips, valueAxis, type Line } from '../../charts/lines'
import { tip, type Look } from '../../charts/look'
import type { Effect, Ice } from '../../data/types'
import { percent } from '../../design/format'
import { isMasked, lineOf, type Kind } from './shape'

const strip = 56

/** Curves of a number: lines with bands, hatched where there are no such rows, and where the rows are beneath. */
export function curves(
  effect: Effect,
  kind: Kind,
  picked: string[],
  title: string,
  look: Look,
  isNarrow: boolean,
  ice: Ice | null = null,
): Option {
  const at = effect.grid.map((point) => Number(point.at))
  const drawn: Line[] = [lineOf(effect, kind), ...picked.map((label) => lineOf(effect, kind, label))]
  const top = legendHeight(drawn.length, isNarrow)
  const panel = { at, labels: effect.grid.map((point) => `${title}: ${point.label}`), unit: '' }
  const [from, to] = [at[0] ?? 0, at.at(-1) ?? 1]
  return {
    legend: legend(
      drawn.map((line) => line.name),
      look,
      isNarrow,
    ),
    tooltip: tooltips(look),
    grid: [
      { left: 52, right: 16, top: top + 8, bottom: strip + 76 },
      { left: 52, right: 16, height: strip, bottom: 44 },
    ],
    xAxis: [
      { ...valueAxis(look), min: from, max: to, axisLabel: { show: false }, splitLine: { show: false } },
      {
        ...valueAxis(look),
        gridIndex: 1,
        min: from,
        max: to,
        splitLine: { show: false },
        axisLine: { show: true, lineStyle: { color: look.edge } },
        name: title,
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { color: look.ink },
      },
    ],
    yAxis: [
      { ...valueAxis(look), name: effect.unit, nameTextStyle: { color: look.muted, align: 'left' } },
      { type: 'value', gridIndex: 1, min: 0, show: false },
    ],
    series: [
      masked(effect, kind, at, look),
      ...(ice ? [threads(ice, at, look)] : []),
      ...lines(drawn, panel, look),
      zero(look),
      density(effect, at, title, look),
    ],
  }
}

function zero(look: Look): Series {
  return {
    type: 'line',
    data: [],
    silent: true,
    markLine: {
      symbol: 'none',
      silent: true,
      label: { show: false },
      lineStyle: { color: look.edge, width: 1, type: 'solid' },
      data: [{ yAxis: 0 }],
    },
  }
}

/** Where each point of the grid reaches: half way to its neighbours. */
export function cells(at: number[]): [number, number][] {
  return at.map((x, i) => [
    i === 0 ? x : (x + (at[i - 1] ?? x)) / 2,
    i === at.length - 1 ? x : (x + (at[i + 1] ?? x)) / 2,
  ])
}

function masked(effect: Effect, kind: Kind, at: number[], look: Look): CustomSeriesOption {
  const reach = cells(at)
  return {
    type: 'custom',
    silent: true,
    z: 1,
    data: reach.filter((_, i) => isMasked(effect, kind, i)),
    encode: { x: [0, 1] },
    renderItem: (params, api) => {
      const [x1 = 0] = api.coord([api.value(0), 0])
      const [x2 = 0] = api.coord([api.value(1), 0])
      const { y, height } = params.coordSys as unknown as { y: number; height: number }
      const width = Math.max(1, x2 - x1)
      const rect = { type: 'rect' as const, shape: { x: x1, y, width, height } }
      const first = Math.floor((x1 - height) / 8) * 8
      const count = Math.ceil((width + height) / 8) + 2
      return {
        type: 'group',
        clipPath: rect,
        children: Array.from({ length: count }, (_, k) => ({
          type: 'line' as const,
          shape: { x1: first + 8 * k, y1: y + height, x2: first + 8 * k + height, y2: y },
          style: { stroke: look.edge, lineWidth: 1, opacity: 0.45 },
        })),
      }
    },
  }
}

function threads(ice: Ice, at: number[], look: Look): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    z: 2,
    data: ice.lines.flatMap((line, k) => line.map((y, i) => [at[i] ?? 0, y ?? NaN, k, i])),
    encode: { x: 0, y: 1 },
    renderItem: (_, api) => {
      if (api.value(3) !== 0) return null
      const points = (ice.lines[Number(api.value(2))] ?? []).flatMap((y, i) =>
        y === null ? [] : [api.coord([at[i] ?? 0, y])],
      )
      return {
        type: 'polyline',
        shape: { points },
        style: { stroke: look.muted, lineWidth: 1, opacity: 0.35, fill: 'none' },
      }
    },
  }
}

function density(effect: Effect, at: number[], title: string, look: Look): CustomSeriesOption {
  const reach = cells(at)
  return {
    type: 'custom',
    xAxisIndex: 1,
    yAxisIndex: 1,
    name: 'Rows',
    data: reach.map(([low, high], i) => [low, high, effect.density[i] ?? 0]),
    encode: { x: [0, 1], y: 2 },
    tooltip: {
      formatter: (hit) => {
        const i = (Array.isArray(hit) ? hit[0] : hit)?.dataIndex ?? 0
        return tip(`${title}: ${effect.grid[i]?.label ?? ''}`, [
          `${percent(effect.density[i])} of the rows are here`,
        ])
      },
    },
    renderItem: (_, api) => {
      const [x1 = 0, y = 0] = api.coord([api.value(0), api.value(2)])
      const [x2 = 0, floor = 0] = api.coord([api.value(1), 0])
      return {
        type: 'rect',
        shape: { x: x1 + 0.5, y, width: Math.max(1, x2 - x1 - 1), height: floor - y },
        style: { fill: look.edge },
      }
    },
  }
}
