import type { Num } from '../data/types'
import { interval, tick } from '../design/format'
import type { CustomSeriesOption, Option } from './echarts'
import { tip, type Look } from './look'

export type Dots = { label: string; nums: (Num | null)[] }

/** Dots with their intervals, one row a label, one shape and colour a series: the plain way to show numbers with what is not known. */
export function dots(rows: Dots[], names: string[], unit: string, look: Look): Option {
  const labels = rows.map((row) => row.label)
  const spread = names.length > 1 ? 0.5 : 0
  const shift = (k: number): number => (names.length > 1 ? (k / (names.length - 1) - 0.5) * spread : 0)
  const whiskers = (k: number): CustomSeriesOption => ({
    type: 'custom',
    name: names[k] ?? '',
    silent: true,
    z: 1,
    data: rows.flatMap((row, r) => {
      const num = row.nums[k]
      return num?.low == null || num.high == null ? [] : [[r, num.low, num.high]]
    }),
    encode: { x: [1, 2], y: 0 },
    renderItem: (_, api) => {
      const band = api.size?.([0, 1]) as number[] | undefined
      const offset = shift(k) * (band?.[1] ?? 0)
      const [x1 = 0, y = 0] = api.coord([api.value(1), api.value(0)])
      const [x2 = 0] = api.coord([api.value(2), api.value(0)])
      return {
        type: 'line',
        shape: { x1, y1: y + offset, x2, y2: y + offset },
        style: { stroke: look.series[k] ?? look.accent, lineWidth: 2 },
      }
    },
  })
  const points = (k: number): CustomSeriesOption => ({
    type: 'custom',
    name: names[k] ?? '',
    z: 2,
    data: rows.flatMap((row, r) => {
      const num = row.nums[k]
      return num?.value == null ? [] : [{ value: [r, num.value], name: row.label, id: `${k}:${r}` }]
    }),
    encode: { x: 1, y: 0 },
    tooltip: {
      formatter: (hit) => {
        const at = Array.isArray(hit) ? hit[0] : hit
        const r = Number((at?.value as number[] | undefined)?.[0] ?? 0)
        return tip(labels[r] ?? '', [[names[k] ?? '', interval(rows[r]?.nums[k], unit)]])
      },
    },
    renderItem: (_, api) => {
      const band = api.size?.([0, 1]) as number[] | undefined
      const [x = 0, y = 0] = api.coord([api.value(1), api.value(0)])
      const style = { fill: look.series[k] ?? look.accent, stroke: look.surface, lineWidth: 1 }
      const at = y + shift(k) * (band?.[1] ?? 0)
      if (k % 3 === 1) return { type: 'rect', shape: { x: x - 4.5, y: at - 4.5, width: 9, height: 9 }, style }
      if (k % 3 === 2)
        return {
          type: 'polygon',
          shape: {
            points: [
              [x, at - 6],
              [x + 6, at + 5],
              [x - 6, at + 5],
            ],
          },
          style,
        }
      return { type: 'circle', shape: { cx: x, cy: at, r: 5 }, style }
    },
  })
  return {
    grid: { left: 8, right: 24, top: names.length > 1 ? 36 : 8, bottom: 8, containLabel: true },
    legend:
      names.length > 1
        ? {
            top: 0,
            left: 0,
            itemWidth: 10,
            itemHeight: 10,
            textStyle: { color: look.ink },
            data: names.map((name, k) => ({
              name,
              icon: ['circle', 'rect', 'triangle'][k % 3] ?? 'circle',
              itemStyle: { color: look.series[k] ?? look.accent },
            })),
          }
        : { show: false },
    tooltip: {
      trigger: 'item',
      backgroundColor: look.surface,
      borderColor: look.edge,
      textStyle: { color: look.ink, fontSize: 12 },
    },
    xAxis: {
      type: 'value',
      axisLine: { show: false },
      axisLabel: { color: look.muted, hideOverlap: true, formatter: (value: number) => tick(value, unit) },
      splitNumber: look.width < 500 ? 3 : 6,
      splitLine: { lineStyle: { color: look.line } },
    },
    yAxis: {
      type: 'category',
      data: labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { onZero: true, lineStyle: { color: look.edge } },
      axisLabel: {
        color: look.ink,
        width: Math.min(280, look.width * 0.36),
        interval: 0,
        // a narrow drawing has no room for second lines; the table has the names in full
        overflow: look.width < 500 ? 'truncate' : 'break',
        lineHeight: 14,
      },
    },
    series: names.flatMap((_, k) => [whiskers(k), points(k)]),
  }
}

/** Height that gives each row of dots its space. */
export const dotsHeight = (rows: number, names = 1): number =>
  Math.max(96, rows * (names > 1 ? 14 + 12 * names : 28) + (names > 1 ? 72 : 44))
