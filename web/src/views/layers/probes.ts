import { dots, dotsHeight } from '../../charts/dots'
import type { Option } from '../../charts/echarts'
import type { Look } from '../../charts/look'
import type { Table } from '../../charts/table'
import type { Layers, Num } from '../../data/types'

type Probe = Layers['probes'][number]

/** The target whose probe is judged by AUC; those of features are shares of their variance. */
export const label = 'The label'
const control = 'Control: shuffled answers'

export const targetsOf = (layers: Layers): string[] => [
  ...new Set(layers.probes.map((one) => one.target).filter((target) => target !== label)),
]
const layersOf = (layers: Layers): string[] => [...new Set(layers.probes.map((one) => one.layer))]

/** A probe names its layer by id or by title. */
export const layerTitle = (layers: Layers, layer: string): string =>
  layers.flow.find((one) => one.layer === layer)?.title ?? layer

const find = (layers: Layers, layer: string, target: string): Probe | undefined =>
  layers.probes.find((one) => one.layer === layer && one.target === target)

function axis(option: Option, isNarrow: boolean): Option {
  if (!isNarrow) return option
  const y = option.yAxis as { axisLabel?: object }
  return { ...option, yAxis: { ...y, axisLabel: { ...y.axisLabel, width: 110 } } as Option['yAxis'] }
}

export function labelDots(layers: Layers, look: Look, isNarrow: boolean): Option {
  const rows = layersOf(layers).map((layer) => {
    const one = find(layers, layer, label)
    return { label: layerTitle(layers, layer), nums: [one?.score ?? null, one?.control ?? null] }
  })
  const made = dots(rows, ['The outcome', control], 'auc', look)
  const from = (extent: { min: number }): number => Math.floor(extent.min * 20 - 0.2) / 20
  return axis({ ...made, xAxis: { ...(made.xAxis as object), min: from } as Option['xAxis'] }, isNarrow)
}

export const labelHeight = (layers: Layers): number => dotsHeight(layersOf(layers).length, 2)

export function labelTable(layers: Layers): Table {
  return {
    columns: [
      { label: 'Layer' },
      { label: 'AUC of a linear probe', numeric: true },
      { label: control, numeric: true },
    ],
    rows: layersOf(layers).map((layer) => {
      const one = find(layers, layer, label)
      return [layerTitle(layers, layer), one?.score ?? null, one?.control ?? null]
    }),
  }
}

const isApart = (a: Num | undefined, b: Num | undefined): boolean =>
  a?.low != null && b?.high != null && a.low > b.high

/** Where the outcome can be read best, and whether the end of the model keeps it. */
export function labelSays(layers: Layers): string {
  const known = layersOf(layers)
    .map((layer) => ({ title: layerTitle(layers, layer), num: find(layers, layer, label)?.score }))
    .filter((one) => one.num?.value != null)
  const best = known.toSorted((a, b) => (b.num?.value ?? 0) - (a.num?.value ?? 0))[0]
  const last = known.at(-1)
  if (!best || !last) return 'The outcome was read out of no layer.'
  if (best === last) return `The outcome can be read best at the end, from “${last.title}”.`
  return isApart(best.num, last.num)
    ? `The outcome can be read best from “${best.title}”; “${last.title}” surely says less of it.`
    : `The outcome can be read best from “${best.title}”; “${last.title}” says about as much.`
}

export function knownDots(layers: Layers, targets: string[], look: Look, isNarrow: boolean): Option {
  const rows = layersOf(layers).map((layer) => ({
    label: layerTitle(layers, layer),
    nums: targets.map((target) => find(layers, layer, target)?.score ?? null),
  }))
  return axis(dots(rows, targets, 'share', look), isNarrow)
}

export const knownHeight = (layers: Layers, targets: string[]): number =>
  dotsHeight(layersOf(layers).length, Math.max(1, targets.length))

export function knownTable(layers: Layers): Table {
  const ids = layersOf(layers)
  return {
    columns: [
      { label: 'Feature' },
      ...ids.flatMap((id) => [
        { label: layerTitle(layers, id), unit: 'share', numeric: true },
        { label: `${layerTitle(layers, id)}, control`, unit: 'share', numeric: true },
      ]),
    ],
    rows: targetsOf(layers).map((target) => [
      target,
      ...ids.flatMap((id) => {
        const one = find(layers, id, target)
        return [one?.score ?? null, one?.control ?? null]
      }),
    ]),
  }
}

/** For each picked feature the layer that knows most of it. */
export function knownSays(layers: Layers, targets: string[]): string {
  const best = targets.flatMap((target) => {
    const most = layers.probes
      .filter((one) => one.target === target && one.score.value !== null)
      .toSorted((a, b) => (b.score.value ?? 0) - (a.score.value ?? 0))[0]
    return most && (most.score.value ?? 0) >= 0.05 ? [`${target} in “${layerTitle(layers, most.layer)}”`] : []
  })
  return best.length === 0 ? 'No layer knows much of these features.' : `Known best: ${best.join('; ')}.`
}
