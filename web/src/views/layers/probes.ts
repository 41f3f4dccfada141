import type { Option } from '../../charts/echarts'
import { lines, type Line } from '../../charts/lines'
import type { Look } from '../../charts/look'
import type { Table } from '../../charts/table'
import type { Layers, Num } from '../../data/types'
import { along } from './flow'

type Probe = Layers['probes'][number]
export const control = 'Control: shuffled answers'

export const targetsOf = (layers: Layers): string[] => [...new Set(layers.probes.map((one) => one.target))]
export const layersOf = (layers: Layers): string[] => [...new Set(layers.probes.map((one) => one.layer))]

/** A probe names its layer by id or by title. */
export const layerTitle = (layers: Layers, layer: string): string =>
  layers.flow.find((one) => one.layer === layer)?.title ?? layer

const find = (layers: Layers, layer: string, target: string): Probe | undefined =>
  layers.probes.find((one) => one.layer === layer && one.target === target)

/** Mean of the controls of a layer: what a probe reads out of nothing. */
function controlOf(layers: Layers, layer: string): Num | null {
  const known = layers.probes.flatMap((one) => (one.layer === layer && one.control ? [one.control] : []))
  if (known.length === 0) return null
  const mean = (pick: (num: Num) => number | null): number | null =>
    known.some((num) => pick(num) === null)
      ? null
      : known.reduce((sum, num) => sum + (pick(num) ?? 0), 0) / known.length
  return { value: mean((num) => num.value), low: mean((num) => num.low), high: mean((num) => num.high) }
}

export function probeLines(layers: Layers, targets: string[], look: Look, isNarrow: boolean): Option {
  const ids = layersOf(layers)
  const titles = ids.map((id) => layerTitle(layers, id))
  const drawn: Line[] = targets.map((target) => ({
    name: target,
    nums: ids.map((id) => find(layers, id, target)?.score ?? null),
  }))
  const controls = ids.map((id) => controlOf(layers, id))
  if (controls.some(Boolean)) drawn.push({ name: control, nums: controls })
  const names = drawn.map((line) => line.name)
  return {
    ...along(names, titles, look, isNarrow, false),
    series: lines(drawn, { at: ids.map((_, k) => k), labels: titles, unit: '' }, look, [
      ...targets.map((_, k) => k),
      5,
    ]),
  }
}

export function probeTable(layers: Layers): Table {
  const ids = layersOf(layers)
  return {
    columns: [
      { label: 'What is read out' },
      ...ids.flatMap((id) => [
        { label: layerTitle(layers, id), numeric: true },
        { label: `${layerTitle(layers, id)}, control`, numeric: true },
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

/** What is still known at the last layer, and what was lost on the way. */
export function probesSay(layers: Layers): string {
  const ids = layersOf(layers)
  const [first, last] = [ids[0], ids.at(-1)]
  if (first === undefined || last === undefined) return ''
  const lost = targetsOf(layers)
    .map((target) => ({
      target,
      from: find(layers, first, target)?.score,
      to: find(layers, last, target)?.score,
    }))
    .filter((one) => one.from?.low != null && one.to?.high != null && one.to.high < one.from.low)
    .toSorted(
      (a, b) => (b.from?.value ?? 0) - (b.to?.value ?? 0) - ((a.from?.value ?? 0) - (a.to?.value ?? 0)),
    )
  const at = `“${layerTitle(layers, last)}”`
  if (lost.length === 0) return `Nothing that could be read at the first layer is surely lost at ${at}.`
  return `Less can be read at ${at} than at the first layer of ${lost
    .slice(0, 3)
    .map((one) => one.target)
    .join(', ')}${lost.length > 3 ? ` and ${lost.length - 3} more` : ''}.`
}
