import { describe, expect, it } from 'vitest'
import type { Journey } from '../../data/types'
import { cohortsSay, rowsOf } from './cohorts'
import { movement, ordered, says, table } from './shape'

const num = (value: number, half = 0.1) => ({ value, low: value - half, high: value + half })
const feature = (name: string) => ({ name, title: name.toUpperCase(), group: 'user' })
const journey: Journey = {
  sentence: '',
  unit: 'auc',
  stages: ['new', 'old'].map((label) => ({ id: label, label, rows: 10 })),
  features: [feature('steady'), feature('grows'), feature('wild')],
  cells: [
    [num(5), num(5)],
    [num(1), num(2)],
    [num(0, 9), num(3, 9)],
  ],
  history: [],
  cohorts: [
    { label: 'new, north', values: [num(1), num(9), null] },
    { label: 'old, north', values: [num(2), num(1), null] },
  ],
}
const stages = ['new', 'old']

describe('journey', () => {
  it('puts first what surely changes, not what is merely large or uncertain', () => {
    expect(ordered(journey, 'change').map((one) => one.name)).toEqual(['grows', 'wild', 'steady'])
    expect(ordered(journey, 'size').map((one) => one.name)).toEqual(['steady', 'wild', 'grows'])
    expect(movement([num(1), null])).toEqual({ size: 0, isSure: false })
  })

  it('says only what intervals bear', () => {
    const [grows, wild, steady] = ordered(journey, 'change')
    expect(grows && says(grows, stages)).toBe('GROWS matters more at “old” than at “new”.')
    expect(wild && says(wild, stages)).toBe('WILD: nothing sure at “new” or “old”.')
    expect(steady && says(steady, stages)).toBe('STEADY: no sure difference between “new” and “old”.')
  })

  it('has a column a stage', () => {
    expect(table(ordered(journey, 'size'), stages, 'auc').columns.map((one) => one.label)).toEqual([
      'Feature',
      'Group',
      'new',
      'old',
    ])
  })

  it('compares cohorts feature by feature', () => {
    expect(cohortsSay(rowsOf(journey, 'grows'), 'Grows')).toBe(
      'Grows matters most in “new, north” and least in “old, north”; their intervals stand apart.',
    )
    expect(cohortsSay(rowsOf(journey, 'wild'), 'Wild')).toBe('Wild is not known in two cohorts or more.')
  })
})
