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
  const top = legendHeight(drawn.length, isNarrow) + 16
  const panel = { at, labels: effect.grid.map((point) => `${title}: ${point.label}`), unit: '' }
  const [from, to] = range(effect, kind)
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
      masked(effect, kind, look),
      ...(ice ? [threads(centred(ice.lines, effect.density), at, look)] : []),
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

/** The axis: all of the grid, unless extremes without rows would take most of it. */
export function range(effect: Effect, kind: Kind): [number, number] {
  const at = effect.grid.map((point) => Number(point.at))
  const firm = at.filter((_, i) => !isMasked(effect, kind, i))
  const [first = 0, last = 1] = [at[0], at.at(-1)]
  const [low = first, high = last] = [firm[0], firm.at(-1)]
  const width = high - low
  if (width <= 0 || last - first <= 2 * width) return [first, last]
  return [Math.max(first, low - width / 5), Math.min(last, high + width / 5)]
}

/** Stretches where a line is drawn dotted: from the last point with rows to the next one. */
export function gaps(effect: Effect, kind: Kind): [number, number][] {
  const at = effect.grid.map((point) => Number(point.at))
  const found: [number, number][] = []
  at.forEach((x, i) => {
    if (!isMasked(effect, kind, i)) return
    const last = found.at(-1)
    const end = at[i + 1] ?? x
    if (last && isMasked(effect, kind, i - 1)) last[1] = end
    else found.push([at[i - 1] ?? x, end])
  })
  return found
}

function masked(effect: Effect, kind: Kind, look: Look): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    z: 1,
    clip: true,
    data: gaps(effect, kind),
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

/** Lines of rows moved to a mean of 0 over where rows are, as the curves are: their shapes then compare. */
export function centred(all: Ice['lines'], density: (number | null)[]): Ice['lines'] {
  return all.map((line) => {
    const known = line.map((y, i) => (y === null ? null : { y, weight: density[i] ?? 0 }))
    const weight = known.reduce((sum, one) => sum + (one?.weight ?? 0), 0)
    const mean = known.reduce((sum, one) => sum + (one ? one.y * one.weight : 0), 0) / (weight || 1)
    return line.map((y) => (y === null ? null : y - mean))
  })
}

function threads(rows: Ice['lines'], at: number[], look: Look): CustomSeriesOption {
  return {
    type: 'custom',
    clip: true,
    silent: true,
    z: 2,
    data: rows.flatMap((line, k) => line.map((y, i) => [at[i] ?? 0, y ?? NaN, k, i])),
    encode: { x: 0, y: 1 },
    renderItem: (_, api) => {
      if (api.value(3) !== 0) return null
      const points = (rows[Number(api.value(2))] ?? []).flatMap((y, i) =>
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
  return {
    type: 'custom',
    clip: true,
    xAxisIndex: 1,
    yAxisIndex: 1,
    name: 'Rows',
    data: at.map((x, i) => [x, effect.density[i] ?? 0]),
    encode: { x: 0, y: 1 },
    tooltip: {
      formatter: (hit) => {
        const i = (Array.isArray(hit) ? hit[0] : hit)?.dataIndex ?? 0
        return tip(`${title}: ${effect.grid[i]?.label ?? ''}`, [
          `${percent(effect.density[i])} of the rows are here`,
        ])
      },
    },
    renderItem: (_, api) => {
      const [x = 0, y = 0] = api.coord([api.value(0), api.value(1)])
      const [, floor = 0] = api.coord([api.value(0), 0])
      return {
        type: 'rect',
        shape: { x: x - 2, y, width: 4, height: floor - y },
        style: { fill: look.edge },
      }
    },
  }
}
