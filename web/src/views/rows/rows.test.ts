import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../../data/types'
import { aligned, clusterName, contrast, place, says, steps, type Method } from './shape'

const part = (feature: string, value: number, attribution: number) => ({
  feature,
  title: feature.toUpperCase(),
  value,
  attribution,
})
const method: Method = {
  id: 'ig',
  title: 'Integrated gradients',
  baselineScore: 1,
  gap: 0,
  attributions: [part('a', 1, 0.5), part('b', 2, -0.25), part('c', 3, 0.125), part('d', 4, 0.0625)],
}

describe('one recommendation', () => {
  it('goes from the baseline to the score, each step from where the last one ended', () => {
    const made = steps(method, 1.4375, 2)
    expect(made.map((step) => [step.label, step.from, step.to])).toEqual([
      ['Baseline', 1, 1],
      ['A = 1', 1, 1.5],
      ['B = 2', 1.5, 1.25],
      ['2 other features', 1.25, 1.4375],
      ['This row', 1.4375, 1.4375],
    ])
  })

  it('draws the last feature by itself instead of "1 other"', () => {
    expect(steps(method, 1.4375, 3).map((step) => step.kind)).toEqual([
      'baseline',
      'part',
      'part',
      'part',
      'part',
      'score',
    ])
  })

  it('begins at what the parts leave of the score where no baseline is known', () => {
    expect(steps({ ...method, baselineScore: null }, 1.4375, 4)[0]?.to).toBe(1)
  })

  it('says what raises and what lowers', () => {
    expect(says(method, 1.44)).toBe(
      'A (+0.50) and C (+0.13) raise the score most; B (−0.25) lowers it most. It ends at 1.44, from 1.00 without any feature.',
    )
  })

  it('sets methods side by side, the largest first', () => {
    const other = { attributions: [part('b', 2, 2), part('e', 0, 0.01)] }
    expect(aligned([method, other]).map((one) => [one.feature, ...one.values])).toEqual([
      ['b', -0.25, 2],
      ['a', 0.5, null],
      ['c', 0.125, null],
      ['d', 0.0625, null],
      ['e', null, 0.01],
    ])
  })

  it('explains a difference of scores by differences of parts', () => {
    const there = { ...method, attributions: [part('a', 9, 0.25), part('b', 2, -0.25), part('d', 4, 0.5)] }
    expect(contrast(method, there)).toEqual([
      { feature: 'd', title: 'D', here: '4', there: '4', difference: -0.4375 },
      { feature: 'a', title: 'A', here: '1', there: '9', difference: 0.25 },
      { feature: 'c', title: 'C', here: '3', there: 'empty', difference: 0.125 },
    ])
  })

  it('calls a cluster by its name, not its column', () => {
    expect(clusterName({ cluster: 'household_id' } as RunDetail)).toBe('Household')
    expect(clusterName(null)).toBe('Person')
  })

  it('knows the place in the list, whether the list holds the row or not', () => {
    const row = (id: number, score: number) =>
      ({ row: id, score, request: null, cluster: null, item: null, label: null, labelText: null }) as const
    const others = [row(1, 3), row(2, 1)]
    expect(place({ row: 9, score: 2, methods: [], candidates: others })).toBe('2 of 3')
    expect(place({ row: 9, score: 2, methods: [], candidates: [...others, row(9, 2)] })).toBe('2 of 3')
    expect(place({ row: 9, score: 2, methods: [], candidates: [row(9, 2)] })).toBe('')
  })
})
