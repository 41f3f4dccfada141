import type { Table } from '../../charts/table'
import type { Attribution, RowDetail, RowSummary, RunDetail } from '../../data/types'
import { number, words } from '../../design/format'

export type Method = RowDetail['methods'][number]
export type Step = {
  id: string
  label: string
  from: number
  to: number
  kind: 'baseline' | 'part' | 'rest' | 'score'
}

/** A value as it stands in the data: no zeros that were not measured. */
const plain = (value: number): string =>
  value.toLocaleString('en-GB', { maximumSignificantDigits: 5 }).replace('-', '\u2212')

export const valueText = (value: Attribution['value']): string =>
  value === null || value === '' ? 'empty' : typeof value === 'number' ? plain(value) : value

export const size = (one: Attribution): number => Math.abs(one.attribution ?? 0)

/** From the baseline's score to this row's: the largest parts by themselves, the others together. */
export function steps(method: Method, score: number, shown: number): Step[] {
  const baseline = method.baselineScore
  const parts = method.attributions.toSorted((a, b) => size(b) - size(a))
  const single = parts.length > shown + 1 ? parts.slice(0, shown) : parts
  const others = parts.slice(single.length)
  // Without a baseline the parts are all there is: they stand on what they leave of the score.
  const sum = parts.reduce((total, one) => total + (one.attribution ?? 0), 0)
  let at = baseline ?? score - sum
  const made: Step[] = [{ id: '', label: 'Baseline', from: at, to: at, kind: 'baseline' }]
  for (const one of single) {
    const to = at + (one.attribution ?? 0)
    made.push({
      id: one.feature,
      label: `${one.title} = ${valueText(one.value)}`,
      from: at,
      to,
      kind: 'part',
    })
    at = to
  }
  if (others.length > 0) {
    const to = at + others.reduce((total, one) => total + (one.attribution ?? 0), 0)
    made.push({ id: '', label: `${others.length} other features`, from: at, to, kind: 'rest' })
  }
  made.push({ id: '', label: 'This row', from: score, to: score, kind: 'score' })
  return made
}

export const signed = (value: number, places?: number): string =>
  `${value > 0 ? '+' : ''}${number(value, places ?? 2)}`

/** The two parts that count most each way, in a sentence. */
export function says(method: Method, score: number): string {
  const up = method.attributions
    .filter((one) => (one.attribution ?? 0) > 0)
    .toSorted((a, b) => size(b) - size(a))
  const down = method.attributions
    .filter((one) => (one.attribution ?? 0) < 0)
    .toSorted((a, b) => size(b) - size(a))
  const name = (all: Attribution[]): string =>
    all
      .slice(0, 2)
      .map((one) => `${one.title} (${signed(one.attribution ?? 0)})`)
      .join(' and ')
  const parts = [
    up.length > 0 ? `${name(up)} raise${up.length === 1 ? 's' : ''} the score most` : '',
    down.length > 0 ? `${name(down)} lower${down.length === 1 ? 's' : ''} it most` : '',
  ].filter(Boolean)
  return `${parts.join('; ')}. It ends at ${number(score, 2)}${method.baselineScore === null ? '' : `, from ${number(method.baselineScore, 2)} without any feature`}.`
}

/** Features of several methods on one list, those first on which any method leans most. */
export function aligned(
  methods: { attributions: Attribution[] }[],
): { feature: string; title: string; values: (number | null)[] }[] {
  const titles = new Map(methods.flatMap((one) => one.attributions.map((a) => [a.feature, a.title] as const)))
  return [...titles]
    .map(([feature, title]) => ({
      feature,
      title,
      values: methods.map((one) => one.attributions.find((a) => a.feature === feature)?.attribution ?? null),
    }))
    .toSorted(
      (a, b) =>
        Math.max(...b.values.map((v) => Math.abs(v ?? 0))) -
        Math.max(...a.values.map((v) => Math.abs(v ?? 0))),
    )
}

export type Difference = { feature: string; title: string; here: string; there: string; difference: number }

/** What makes one candidate's score differ from another's, by one method. */
export function contrast(here: Method, there: Method): Difference[] {
  const other = new Map(there.attributions.map((one) => [one.feature, one]))
  return here.attributions
    .map((one) => ({
      feature: one.feature,
      title: one.title,
      here: valueText(one.value),
      there: valueText(other.get(one.feature)?.value ?? null),
      difference: (one.attribution ?? 0) - (other.get(one.feature)?.attribution ?? 0),
    }))
    .filter((one) => one.difference !== 0)
    .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
}

export const rowTitle = (row: RowSummary): string => row.item ?? `Row ${row.row}`

export function stepsTable(method: Method): Table {
  return {
    columns: [{ label: 'Feature' }, { label: 'Value' }, { label: 'Part of the score', numeric: true }],
    rows: method.attributions
      .toSorted((a, b) => size(b) - size(a))
      .map((one) => [one.title, valueText(one.value), one.attribution]),
  }
}

/** What one cluster is called: "household_id" is a household. */
export const clusterName = (run: RunDetail | null): string =>
  words((run?.cluster ?? '').replace(/[_-]?(id|key)$/i, '')) || 'Person'

/** "2 of 10", whether or not the list holds the row itself; empty where it has no list. */
export function place(data: RowDetail): string {
  const others = data.candidates.filter((one) => one.row !== data.row)
  const above = others.filter((one) => (one.score ?? -Infinity) > data.score).length
  return others.length === 0 ? '' : `${above + 1} of ${others.length + 1}`
}

/** Where a row stands in its list, and what came of it. */
export function placed(data: RowDetail): string {
  const own = data.candidates.find((one) => one.row === data.row)
  return [
    `The model gives it ${number(data.score, 2)}`,
    place(data) ? `, place ${place(data)} in its list` : '',
    own?.labelText ? `; it was ${own.labelText}.` : '.',
  ].join('')
}
