import { dots, dotsHeight } from '../../charts/dots'
import type { Option } from '../../charts/echarts'
import { tip, type Look } from '../../charts/look'
import type { Effect } from '../../data/types'
import { percent } from '../../design/format'
import { everyone, isMasked, numsOf, type Kind } from './shape'

/** Levels of a category: dots with intervals, and how many rows have each beside them. */
export function levels(effect: Effect, kind: Kind, picked: string[], look: Look, isNarrow: boolean): Option {
  const names = [everyone, ...picked]
  const many = (i: number): string => (isNarrow ? ` · ${percent(effect.density[i])}` : '')
  const short = (text: string): string =>
    isNarrow && text.length > 17 ? `${text.slice(0, 16).trimEnd()}…` : text
  const rows = effect.grid.map((point, i) => ({
    label: isMasked(effect, kind, i) ? `${short(point.label)} (too few rows)` : short(point.label) + many(i),
    // A level hardly any row has is named, not drawn.
    nums: names.map((_, k) =>
      isMasked(effect, kind, i) ? null : (numsOf(effect, kind, k === 0 ? undefined : names[k])[i] ?? null),
    ),
  }))
  const made = dots(rows, names, effect.unit, look)
  const axis = made.yAxis as { axisLabel?: object }
  const y = { ...axis, axisLabel: { ...axis.axisLabel, interval: 0, overflow: 'truncate' } }
  if (isNarrow) return { ...made, yAxis: y as Option['yAxis'] }
  const labels = rows.map((row) => row.label)
  return {
    ...made,
    grid: [
      { left: 200, right: '24%', top: 36, bottom: 52 },
      { left: '80%', right: 16, top: 36, bottom: 52 },
    ],
    xAxis: [
      {
        ...(made.xAxis as object),
        type: 'value',
        name: effect.unit,
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { color: look.muted },
      },
      {
        type: 'value',
        gridIndex: 1,
        min: 0,
        name: 'Share of rows',
        nameLocation: 'middle',
        nameGap: 28,
        axisLabel: { show: false },
        nameTextStyle: { color: look.muted },
        splitLine: { show: false },
      },
    ],
    yAxis: [
      { ...y, type: 'category', data: labels } as object,
      { type: 'category', gridIndex: 1, data: labels, inverse: true, show: false },
    ],
    series: [
      ...(made.series as object[]),
      {
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        barMaxWidth: 12,
        data: effect.density,
        itemStyle: { color: look.edge },
        tooltip: {
          formatter: (hit: { dataIndex: number }) =>
            tip(labels[hit.dataIndex] ?? '', [`${percent(effect.density[hit.dataIndex])} of the rows`]),
        },
      },
    ] as NonNullable<Option['series']>,
  }
}

export const levelsHeight = (effect: Effect, picked: string[]): number =>
  dotsHeight(effect.grid.length, picked.length + 1) + 44
