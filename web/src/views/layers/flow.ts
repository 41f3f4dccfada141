import type { Option } from '../../charts/echarts'
import { categoryAxis, legend, legendHeight, lines, tooltips, valueAxis } from '../../charts/lines'
import { tip, type Look } from '../../charts/look'
import type { Table } from '../../charts/table'
import type { Layers, Num } from '../../data/types'
import { interval, percent, words } from '../../design/format'
import { decal } from './decals'

export const groupsOf = (layers: Layers): string[] => [
  ...new Set(layers.flow.flatMap((layer) => layer.groups.map((one) => one.group))),
]

export const shareOf = (layers: Layers, layer: number, group: string): Num | null =>
  layers.flow[layer]?.groups.find((one) => one.group === group)?.share ?? null

/** Whether the shares of every layer are parts of one whole; else each is a share of its own group. */
export const isWhole = (layers: Layers): boolean =>
  layers.flow.every((layer) => {
    const shares = layer.groups.map((one) => one.share.value ?? 0)
    return (
      shares.every((share) => share >= 0) &&
      Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.02
    )
  })

export const hasIntervals = (layers: Layers): boolean =>
  layers.flow.some((layer) => layer.groups.some((one) => one.share.low !== null))

const row = 16

export const barsHeight = (layers: Layers): number =>
  88 + layers.flow.length * (isWhole(layers) ? 52 : groupsOf(layers).length * row + 20)

/** Depth from top to bottom: each layer a bar cut into groups, or a bar a group, named and numbered in or at the bar. */
export function bars(layers: Layers, look: Look, isNarrow: boolean): Option {
  const groups = groupsOf(layers)
  const whole = isWhole(layers)
  const ends = layers.flow.flatMap((layer) => layer.groups.map((one) => one.share.value ?? 0))
  const label = (group: string, share: number): object =>
    whole
      ? {
          show: share >= (isNarrow ? 0.18 : 0.1),
          backgroundColor: look.surface,
          padding: [2, 4],
          borderRadius: 3,
          formatter: isNarrow ? percent(share, 0) : `${words(group)} ${percent(share, 0)}`,
        }
      : {
          show: true,
          // beside a bar that goes left there is no room but to the right of zero
          position: share < 0 ? 'insideRight' : 'right',
          ...(share < 0 ? { align: 'left', offset: [6, 0] } : {}),
          formatter: `${words(group)} ${percent(share, 0)}`,
        }
  return {
    tooltip: tooltips(look),
    legend: {
      top: 0,
      left: 0,
      itemWidth: 22,
      selectedMode: false,
      textStyle: { color: look.ink },
      formatter: words,
      data: groups.map((name) => ({ name })),
    },
    grid: { left: 8, right: whole ? 24 : isNarrow ? 72 : 96, top: 56, bottom: 8, containLabel: true },
    xAxis: {
      ...valueAxis(look),
      min: Math.min(0, ...ends),
      max: Math.max(1, ...ends),
      axisLabel: {
        color: look.muted,
        showMinLabel: Math.min(0, ...ends) === 0,
        hideOverlap: true,
        formatter: (value: number) => percent(value, 0),
      },
    },
    yAxis: {
      ...categoryAxis(
        look,
        layers.flow.map((layer) => layer.title),
      ),
      inverse: true,
      axisLine: { show: false },
      axisLabel: {
        color: look.ink,
        width: isNarrow ? 92 : 220,
        lineHeight: 15,
        overflow: 'break',
      },
    },
    series: groups.map((group, k) => ({
      type: 'bar',
      name: group,
      ...(whole ? { stack: 'share', barWidth: 34 } : { barWidth: row - 4, barGap: '35%' }),
      data: layers.flow.map((_, layer) => {
        const share = shareOf(layers, layer, group)?.value ?? 0
        return { value: share, label: label(group, share) }
      }),
      itemStyle: {
        color: look.series[k % look.series.length] ?? look.accent,
        borderColor: look.surface,
        borderWidth: whole ? 1 : 0,
        decal: decal(k, look.surface),
      },
      label: { color: look.ink, fontSize: 11 },
      tooltip: {
        formatter: (hit: { dataIndex: number }) =>
          tip(layers.flow[hit.dataIndex]?.title ?? '', [
            [words(group), interval(shareOf(layers, hit.dataIndex, group), 'share')],
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
    ...along(groups.map(words), titles, look, isNarrow, true),
    series: lines(
      groups.map((group) => ({ name: words(group), nums: titles.map((_, k) => shareOf(layers, k, group)) })),
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
    columns: [
      { label: 'Layer' },
      ...groups.map((group) => ({ label: words(group), unit: 'share', numeric: true })),
    ],
    rows: layers.flow.map((layer, k) => [layer.title, ...groups.map((group) => shareOf(layers, k, group))]),
  }
}

/** Which group gains most on the way through the model. */
export function says(layers: Layers): string {
  const groups = groupsOf(layers)
  const last = layers.flow.length - 1
  const of = (layer: number, group: string): number => shareOf(layers, layer, group)?.value ?? 0
  if (!isWhole(layers)) {
    const [most] = layers.flow
      .map((layer, k) => ({
        layer,
        k,
        mean: groups.reduce((sum, group) => sum + of(k, group), 0) / groups.length,
      }))
      .toSorted((a, b) => b.mean - a.mean)
    if (!most) return ''
    const [first] = groups.toSorted((a, b) => of(most.k, b) - of(most.k, a))
    return `Most passes through “${most.layer.title}”${first === undefined ? '' : `: ${percent(of(most.k, first), 0)} of what ${words(first).toLowerCase()} features contribute`}.`
  }
  const change = groups
    .map((group) => ({ group, from: of(0, group), to: of(last, group) }))
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  if (!change || last < 1) return 'What each group of features contributes.'
  if (change.to - change.from < 0.02)
    return 'No group gains or loses much between the first layer and the last.'
  return `${words(change.group)} grows from ${percent(change.from, 0)} in “${layers.flow[0]?.title}” to ${percent(change.to, 0)} in “${layers.flow[last]?.title}”.`
}

export const note = (layers: Layers): string =>
  isWhole(layers)
    ? 'Share of the score that passes through the layer and comes from each group of features. Layers in the order in which the model computes them.'
    : 'How much of what a group of features contributes to the score passes through the layer. Branches side by side divide it among them, so that a layer’s bars need not add up to 100%; below 0 the path works against the group.'
