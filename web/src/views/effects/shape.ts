import type { Line } from '../../charts/lines'
import type { Table } from '../../charts/table'
import type { Effect, Num } from '../../data/types'

export type Kind = 'pdp' | 'ale' | 'ice'
export const everyone = 'All rows'

/** Kinds of curves people choose from, in their own words. */
export const kindTitles: Record<Kind, string> = {
  ale: 'Local changes added up (ALE)',
  pdp: 'Every row set to the value (PDP)',
  ice: 'Single rows (ICE)',
}

export const kindSays: Record<Kind, string> = {
  ale: 'Rows move only to values next to their own, so nothing is asked of the model that it has not seen.',
  pdp: 'Every row is given every value, whether or not it could have it; hatched stretches are extrapolated.',
  ice: 'Each thin line is one row given every value, moved to a mean of 0; where they cross, the value means different things to different rows.',
}

/** Curves are drawn along numbers; everything else is a list of levels. */
export const isNumeric = (effect: Effect): boolean =>
  (effect.isNumeric ?? true) &&
  effect.grid.length > 1 &&
  effect.grid.every((point) => typeof point.at === 'number')

const base = (kind: Kind): 'pdp' | 'ale' => (kind === 'ale' ? 'ale' : 'pdp')

export function numsOf(effect: Effect, kind: Kind, segment?: string): (Num | null)[] {
  const from = segment === undefined ? effect : effect.segments.find((one) => one.label === segment)
  return from?.[base(kind)] ?? []
}

/** Where a curve stands on rows: local changes need rows there, partial dependence also that the value is not strange for them. */
const support = (
  of: { supported?: boolean[] | null; enoughRows?: boolean[] | null },
  kind: Kind,
): boolean[] | null => (kind === 'ale' ? of.enoughRows : null) ?? of.supported ?? null

export const isMasked = (effect: Effect, kind: Kind, i: number): boolean =>
  support(effect, kind)?.[i] === false

export const lineOf = (effect: Effect, kind: Kind, segment?: string): Line => {
  const own = effect.segments.find((one) => one.label === segment)
  return {
    name: segment ?? everyone,
    nums: numsOf(effect, kind, segment),
    firm: support(own ?? effect, kind) ?? support(effect, kind) ?? [],
  }
}

/** The same as a table: a row a value, a column a segment. */
export function table(effect: Effect, kind: Kind, picked: string[], title: string): Table {
  const columns = [everyone, ...picked]
  return {
    columns: [
      { label: title },
      ...columns.map((label) => ({ label: `${label} (${effect.unit})`, numeric: true })),
      { label: 'Share of rows', unit: 'share' },
      { label: 'Support' },
    ],
    rows: effect.grid.map((point, i) => [
      point.label,
      ...columns.map((_, k) => numsOf(effect, kind, k === 0 ? undefined : columns[k])[i] ?? null),
      effect.density[i] ?? null,
      isMasked(effect, kind, i) ? 'extrapolated' : 'yes',
    ]),
  }
}

/** What the curve of a segment does other than that of all rows, where intervals leave no doubt. */
export function apart(effect: Effect, kind: Kind, segment: string): string {
  const [all, own] = [numsOf(effect, kind), numsOf(effect, kind, segment)]
  const where = effect.grid.filter((_, i) => {
    const [a, b] = [all[i], own[i]]
    if (isMasked(effect, kind, i) || a?.low == null || a.high == null || b?.low == null || b.high == null)
      return false
    return b.low > a.high || b.high < a.low
  })
  if (where.length === 0) return `${segment}: no value at which its interval leaves that of all rows.`
  const labels = where.map((point) => point.label)
  const named =
    labels.length > 4 ? `${labels.slice(0, 3).join(', ')} and ${labels.length - 3} more` : labels.join(', ')
  return `${segment}: surely apart from all rows at ${where.length} of ${effect.grid.length} values (${named}).`
}
