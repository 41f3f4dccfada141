import type { Num } from '../data/types'
import { interval } from '../design/format'
import type { CustomSeriesOption, Option, Series } from './echarts'
import { tip, type Look } from './look'
import { dashes, symbols } from './scales'

/** A line along an axis; where it is weak (`firm` false) it is drawn thin and dotted, without its band. */
export type Line = { name: string; nums: (Num | null)[]; firm?: boolean[] }
export type Panel = {
  /** Numbers of a value axis, or places of a category axis. */
  at: number[]
  labels: string[]
  unit: string
  /** Which grid, x axis and y axis; 0 unless told. */
  axis?: number
}

/** Series of a few lines with their 95 % bands: each has its own colour, dash and mark. */
export function lines(drawn: Line[], panel: Panel, look: Look, styles?: number[]): Series[] {
  const axes = { xAxisIndex: panel.axis ?? 0, yAxisIndex: panel.axis ?? 0 }
  return drawn.flatMap((line, k) => {
    const style = styles?.[k] ?? k
    const colour = look.series[style % look.series.length] ?? look.accent
    const mark = symbols[style % symbols.length] ?? 'circle'
    const firm = panel.at.map((_, i) => line.firm?.[i] ?? true)
    const value = (i: number): number | null => line.nums[i]?.value ?? null
    const tooltip = {
      formatter: (hit: unknown) => {
        const i = Number((hit as { dataIndex?: number }).dataIndex ?? 0)
        const note = firm[i] ? [] : ['Few or no such rows: extrapolated']
        return tip(panel.labels[i] ?? '', [[line.name, interval(line.nums[i], panel.unit)], ...note])
      },
    }
    const main: Series = {
      ...axes,
      type: 'line',
      name: line.name,
      z: 4,
      data: panel.at.map((x, i) => [x, firm[i] ? value(i) : null]),
      symbol: mark,
      symbolSize: 7,
      showAllSymbol: panel.at.length <= 24,
      lineStyle: { color: colour, width: 2, type: dash(style) },
      itemStyle: { color: colour, borderColor: look.surface, borderWidth: 1 },
      emphasis: { focus: 'series' },
      connectNulls: false,
      tooltip,
    }
    // The legend takes its mark from the first series of a name: the band has none.
    const made: Series[] = [band(line, panel, firm, colour), main]
    if (firm.some((is) => !is))
      made.push({
        ...axes,
        type: 'line',
        // another name than the firm part, so that the legend has one entry
        name: `${line.name} (extrapolated)`,
        z: 3,
        data: panel.at.map((x, i) => [
          x,
          !firm[i] || firm[i - 1] === false || firm[i + 1] === false ? value(i) : null,
        ]),
        symbol: 'none',
        lineStyle: { color: colour, width: 1, type: [2, 4], opacity: 0.9 },
        tooltip,
      })
    return made
  })
}

function band(line: Line, panel: Panel, firm: boolean[], colour: string): CustomSeriesOption {
  const runs: number[][] = []
  panel.at.forEach((_, i) => {
    const num = line.nums[i]
    if (!firm[i] || num?.low == null || num.high == null) runs.push([])
    else if (runs.length > 0) runs.at(-1)?.push(i)
    else runs.push([i])
  })
  const whole = runs.filter((run) => run.length > 0)
  return {
    xAxisIndex: panel.axis ?? 0,
    yAxisIndex: panel.axis ?? 0,
    type: 'custom',
    silent: true,
    z: 2,
    clip: true,
    data: whole.flatMap((run) =>
      run.map((i) => [panel.at[i] ?? 0, line.nums[i]?.low ?? 0, line.nums[i]?.high ?? 0]),
    ),
    encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      // one shape a run of neighbours, drawn with its first point
      let first = 0
      const run = whole.find((one) => {
        if (first === params.dataIndex) return true
        first += one.length
        return false
      })
      if (!run) return null
      const corner = (i: number, end: 'low' | 'high'): number[] =>
        api.coord([panel.at[i] ?? 0, line.nums[i]?.[end] ?? 0])
      if (run.length === 1 && run[0] !== undefined) {
        const [x1 = 0, y1 = 0] = corner(run[0], 'low')
        const [, y2 = 0] = corner(run[0], 'high')
        return {
          type: 'line',
          shape: { x1, y1, x2: x1, y2 },
          style: { stroke: colour, lineWidth: 2, opacity: 0.6 },
        }
      }
      const points = [...run.map((i) => corner(i, 'high')), ...run.toReversed().map((i) => corner(i, 'low'))]
      return { type: 'polygon', shape: { points }, style: { fill: colour, opacity: 0.16 } }
    },
  }
}

const dash = (k: number): 'solid' | 'dashed' | 'dotted' | number[] => {
  const one = dashes[k % dashes.length] ?? 'solid'
  return typeof one === 'string' ? one : [...one]
}

/** A legend whose entries show dash and mark; above each other where the page is narrow. */
export function legend(names: string[], look: Look, isNarrow: boolean): Option['legend'] {
  if (names.length < 2) return { show: false }
  return {
    top: 0,
    left: 0,
    orient: isNarrow ? 'vertical' : 'horizontal',
    itemWidth: 34,
    itemGap: isNarrow ? 6 : 16,
    selectedMode: false,
    textStyle: { color: look.ink, width: isNarrow ? 260 : 220, overflow: 'truncate' },
    data: names.map((name) => ({ name })),
  }
}

export const legendHeight = (names: number, isNarrow: boolean): number =>
  names < 2 ? 12 : isNarrow ? 20 * names + 16 : names > 4 ? 64 : 40

/** Axes in the look of the page. */
export const valueAxis = (look: Look) => ({
  type: 'value' as const,
  scale: true,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: look.muted, hideOverlap: true, formatter: minus },
  splitLine: { lineStyle: { color: look.line } },
})
export const categoryAxis = (look: Look, labels: string[]) => ({
  type: 'category' as const,
  data: labels,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: look.edge } },
  axisLabel: { color: look.ink },
})
export const tooltips = (look: Look) => ({
  trigger: 'item' as const,
  confine: true,
  backgroundColor: look.surface,
  borderColor: look.edge,
  textStyle: { color: look.ink, fontSize: 12 },
})

const minus = (value: number): string =>
  value.toLocaleString('en-GB', { maximumSignificantDigits: 6 }).replace('-', '\u2212')
