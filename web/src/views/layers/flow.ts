import type { Option } from '../../charts/echarts'
import { categoryAxis, legend, legendHeight, lines, tooltips, valueAxis } from '../../charts/lines'
import { tip, type Look } from '../../charts/look'
import type { Table } from '../../charts/table'
import type { Layers, Num } from '../../data/types'
import { interval, percent } from '../../design/format'

export const groupsOf = (layers: Layers): string[] => [
  ...new Set(layers.flow.flatMap((layer) => layer.groups.map((one) => one.group))),
]

export const shareOf = (layers: Layers, layer: number, group: string): Num | null =>
  layers.flow[layer]?.groups.find((one) => one.group === group)?.share ?? null

/** Stripes that tell neighbours in a bar apart without their colours. */
const decals = (look: Look) =>
  [
    null,
    { rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1, 5] },
    {
      symbol: 'circle',
      dashArrayX: [
        [6, 6],
        [0, 6, 6, 0],
      ],
      dashArrayY: [5, 0],
      symbolSize: 0.5,
    },
    { rotation: -Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1, 5] },
    { rotation: 0, dashArrayX: [1, 0], dashArrayY: [1, 6] },
    { rotation: Math.PI / 2, dashArrayX: [1, 0], dashArrayY: [1, 6] },
  ].map((one) => (one ? { ...one, color: look.surface, backgroundColor: 'transparent' } : { symbol: 'none' }))

/** Depth from top to bottom, each layer a bar of the groups' shares, named in the bar where there is room. */
export function bars(layers: Layers, look: Look, isNarrow: boolean): Option {
  const groups = groupsOf(layers)
  return {
    tooltip: tooltips(look),
    legend: {
      top: 0,
      left: 0,
      itemWidth: 22,
      textStyle: { color: look.ink },
      data: groups.map((name) => ({ name })),
    },
    grid: { left: 8, right: 16, top: 48, bottom: 8, containLabel: true },
    xAxis: {
      ...valueAxis(look),
      min: 0,
      max: 1,
      axisLabel: { color: look.muted, formatter: (value: number) => percent(value, 0) },
    },
    yAxis: {
      ...categoryAxis(
        look,
        layers.flow.map((layer) => layer.title),
      ),
      inverse: true,
      axisLine: { show: false },
      axisLabel: { color: look.ink, width: isNarrow ? 96 : 220, overflow: isNarrow ? 'break' : 'truncate' },
    },
    series: groups.map((group, k) => ({
      type: 'bar',
      name: group,
      stack: 'share',
      barWidth: 34,
      data: layers.flow.map((_, layer) => shareOf(layers, layer, group)?.value ?? 0),
      itemStyle: {
        color: look.series[k % look.series.length] ?? look.accent,
        borderColor: look.surface,
        borderWidth: 1,
        decal: decals(look)[k % 6],
      },
      label: {
        show: true,
        color: look.ink,
        backgroundColor: look.surface,
        padding: [2, 4],
        borderRadius: 3,
        fontSize: 11,
        formatter: (hit: { value?: unknown }) => {
          const share = Number(hit.value ?? 0)
          if (share < (isNarrow ? 0.18 : 0.09)) return ''
          return isNarrow ? percent(share, 0) : `${group} ${percent(share, 0)}`
        },
      },
      tooltip: {
        formatter: (hit: { dataIndex: number }) =>
          tip(layers.flow[hit.dataIndex]?.title ?? '', [
            [group, interval(shareOf(layers, hit.dataIndex, group), 'share')],
          ]),
      },
    })),
  } as Option
}

/** The same as lines with intervals. */
export function shares(layers: Layers, look: Look, isNarrow: boolean): Option {
  const groups = groupsOf(layers)
  const titles = layers.flow.map((layer) => layer.title)
  return {
    ...along(groups, titles, look, isNarrow, true),
    series: lines(
      groups.map((group) => ({ name: group, nums: titles.map((_, k) => shareOf(layers, k, group)) })),
      { at: titles.map((_, k) => k), labels: titles, unit: 'share' },
      look,
    ),
  }
}

/** Axes of anything drawn along the layers. */
export function along(
  names: string[],
  titles: string[],
  look: Look,
  isNarrow: boolean,
  isShare: boolean,
): Option {
  return {
    legend: legend(names, look, isNarrow),
    tooltip: tooltips(look),
    grid: {
      left: 8,
      right: 24,
      top: legendHeight(names.length, isNarrow) + 8,
      bottom: 8,
      containLabel: true,
    },
    xAxis: {
      ...categoryAxis(look, titles),
      axisLabel: {
        color: look.ink,
        interval: 0,
        width: isNarrow ? 64 : 130,
        overflow: 'break',
        hideOverlap: true,
        fontSize: isNarrow ? 10 : 12,
      },
    },
    yAxis: isShare
      ? {
          ...valueAxis(look),
          min: 0,
          axisLabel: { color: look.muted, formatter: (value: number) => percent(value, 0) },
        }
      : valueAxis(look),
  }
}

export function flowTable(layers: Layers): Table {
  const groups = groupsOf(layers)
  return {
    columns: [{ label: 'Layer' }, ...groups.map((label) => ({ label, unit: 'share', numeric: true }))],
    rows: layers.flow.map((layer, k) => [layer.title, ...groups.map((group) => shareOf(layers, k, group))]),
  }
}

/** Which group gains most on the way through the model. */
export function says(layers: Layers): string {
  const groups = groupsOf(layers)
  const last = layers.flow.length - 1
  const change = groups
    .map((group) => ({
      group,
      from: shareOf(layers, 0, group)?.value ?? 0,
      to: shareOf(layers, last, group)?.value ?? 0,
    }))
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  if (!change || last < 1) return 'What each group of features contributes.'
  if (change.to - change.from < 0.02)
    return 'No group gains or loses much between the first layer and the last.'
  return `${change.group} grows from ${percent(change.from, 0)} in “${layers.flow[0]?.title}” to ${percent(change.to, 0)} in “${layers.flow[last]?.title}”.`
}
