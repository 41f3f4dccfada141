import { dots, dotsHeight } from '../../charts/dots'
import type { Option } from '../../charts/echarts'
import type { Look } from '../../charts/look'
import type { Table } from '../../charts/table'
import type { Journey, Num } from '../../data/types'

type Row = { label: string; num: Num | null }

/** What one feature is worth in each cohort; a cohort's values stand in the order of the features. */
export function rowsOf(journey: Journey, feature: string): Row[] {
  const at = journey.features.findIndex((one) => one.name === feature)
  return journey.cohorts.map((cohort) => ({ label: cohort.label, num: cohort.values[at] ?? null }))
}

export function cohortsSay(rows: Row[], title: string): string {
  const known = rows.filter((row) => row.num?.value != null)
  const sorted = known.toSorted((a, b) => (b.num?.value ?? 0) - (a.num?.value ?? 0))
  const [most, least] = [sorted[0], sorted.at(-1)]
  if (!most || !least || known.length < 2) return `${title} is not known in two cohorts or more.`
  const isSure = most.num?.low != null && least.num?.high != null && most.num.low > least.num.high
  return isSure
    ? `${title} matters most in “${most.label}” and least in “${least.label}”; their intervals stand apart.`
    : `${title}: no cohort surely stands apart; intervals of the highest and the lowest overlap.`
}

export const cohortDots = (rows: Row[], title: string, unit: string, look: Look): Option =>
  dots(
    rows.map((row) => ({ label: row.label, nums: [row.num] })),
    [title],
    unit,
    look,
  )

export const cohortHeight = (rows: Row[]): number => dotsHeight(rows.length)

export function cohortTable(journey: Journey): Table {
  return {
    columns: [
      { label: 'Cohort' },
      ...journey.features.map((one) => ({ label: one.title, unit: journey.unit ?? '', numeric: true })),
    ],
    rows: journey.cohorts.map((cohort) => [
      cohort.label,
      ...journey.features.map((_, k) => cohort.values[k] ?? null),
    ]),
  }
}
