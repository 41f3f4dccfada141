import type { Table } from '../../charts/table'
import type { Journey, Num } from '../../data/types'
import { isUnsure } from '../../design/format'

export type Order = 'change' | 'size'
export type Reliance = { name: string; title: string; group: string; nums: (Num | null)[] }

/** How far a feature's values move over the stages, in units of what is not known about them. */
export function movement(nums: (Num | null)[]): number {
  const known = nums.filter((num): num is Num => num?.value != null)
  if (known.length < 2) return 0
  const half = (num: Num): number => (num.low != null && num.high != null ? (num.high - num.low) / 2 : 0)
  let most = 0
  for (const a of known)
    for (const b of known) {
      const apart = Math.abs((a.value ?? 0) - (b.value ?? 0))
      const doubt = Math.hypot(half(a), half(b))
      if (doubt > 0) most = Math.max(most, apart / doubt)
    }
  return most
}

export function ordered(journey: Journey, order: Order): Reliance[] {
  const all = journey.features.map((feature, k) => ({ ...feature, nums: journey.cells[k] ?? [] }))
  const size = (one: Reliance): number => Math.max(...one.nums.map((num) => Math.abs(num?.value ?? 0)), 0)
  const rank = order === 'change' ? (one: Reliance) => movement(one.nums) : size
  // Ties keep the order of the server: by importance over all rows.
  return all.toSorted((a, b) => rank(b) - rank(a))
}

/** What the first and the last stage say of a feature. */
export function says(one: Reliance, stages: string[]): string {
  const [first, last] = [one.nums[0], one.nums.at(-1)]
  if (first?.value == null || last?.value == null) return `${one.title}: not known at every stage.`
  const [from, to] = [stages[0] ?? '', stages.at(-1) ?? '']
  if (isUnsure(first) && isUnsure(last)) return `${one.title}: nothing sure at “${from}” or “${to}”.`
  if (first.low != null && last.high != null && first.low > last.high)
    return `${one.title} matters less at “${to}” than at “${from}”.`
  if (first.high != null && last.low != null && first.high < last.low)
    return `${one.title} matters more at “${to}” than at “${from}”.`
  return `${one.title}: no sure difference between “${from}” and “${to}”.`
}

export function table(shown: Reliance[], stages: string[], unit: string): Table {
  return {
    columns: [
      { label: 'Feature' },
      { label: 'Group' },
      ...stages.map((label) => ({ label, unit, numeric: true })),
    ],
    rows: shown.map((one) => [one.title, one.group, ...stages.map((_, k) => one.nums[k] ?? null)]),
  }
}
