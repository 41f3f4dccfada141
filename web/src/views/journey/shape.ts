import type { Table } from '../../charts/table'
import type { Journey, Num } from '../../data/types'
import { isUnsure } from '../../design/format'

export type Order = 'change' | 'size'
export type Reliance = { name: string; title: string; group: string; nums: (Num | null)[] }

export type Movement = { size: number; isSure: boolean }

/** The largest difference between two stages, and whether any two intervals stand apart. */
export function movement(nums: (Num | null)[]): Movement {
  const known = nums.filter((num): num is Num => num?.value != null)
  const values = known.map((num) => num.value ?? 0)
  return {
    size: known.length < 2 ? 0 : Math.max(...values) - Math.min(...values),
    isSure: known.some((a) => known.some((b) => a.low != null && b.high != null && a.low > b.high)),
  }
}

export function ordered(journey: Journey, order: Order): Reliance[] {
  const all = journey.features.map((feature, k) => {
    const nums = journey.cells[k] ?? []
    return { ...feature, nums, moves: movement(nums), most: Math.max(0, ...nums.map(sizeOf)) }
  })
  // Ties keep the order of the server: by importance over all rows.
  if (order === 'size') return all.toSorted((a, b) => b.most - a.most)
  return all.toSorted(
    (a, b) => Number(b.moves.isSure) - Number(a.moves.isSure) || b.moves.size - a.moves.size,
  )
}

const sizeOf = (num: Num | null): number => Math.abs(num?.value ?? 0)

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
