import { describe, expect, it } from 'vitest'
import type { Effect } from '../../data/types'
import { centred, gaps, range } from './curves'
import { apart, isMasked, isNumeric, lineOf, table } from './shape'

const num = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 })
const effect: Effect = {
  feature: 'age',
  sentence: '',
  unit: 'log-odds',
  grid: [1, 2, 4].map((at) => ({ at, label: String(at) })),
  density: [0.5, 0.3, 0.2],
  pdp: [num(0), num(1), num(2)],
  ale: [num(0), num(0.5), num(1)],
  supported: [true, true, false],
  enoughRows: [true, true, true],
  segments: [{ label: 'north', pdp: [num(0), num(3), num(9)], ale: null, supported: [true, false, false] }],
}

describe('effects', () => {
  it('masks partial dependence where values are strange, local changes only where rows are missing', () => {
    expect([0, 1, 2].map((i) => isMasked(effect, 'pdp', i))).toEqual([false, false, true])
    expect([0, 1, 2].map((i) => isMasked(effect, 'ale', i))).toEqual([false, false, false])
  })

  it('takes the support of the segment for the curve of the segment', () => {
    expect(lineOf(effect, 'pdp', 'north').firm).toEqual([true, false, false])
    expect(lineOf(effect, 'pdp').firm).toEqual([true, true, false])
  })

  it('says where intervals leave no doubt, not where it is extrapolated', () => {
    expect(apart(effect, 'pdp', 'north')).toBe('north: surely apart from all rows at 1 of 3 values (2).')
  })

  it('puts every curve, the density and the support behind the chart', () => {
    const { columns, rows } = table(effect, 'pdp', ['north'], 'Age')
    expect(columns.map((one) => one.label)).toEqual([
      'Age',
      'All rows (log-odds)',
      'north (log-odds)',
      'Share of rows',
      'Support',
    ])
    expect(rows[2]).toEqual(['4', num(2), num(9), 0.2, 'extrapolated'])
  })

  it('knows a category that looks like a number', () => {
    expect(isNumeric(effect)).toBe(true)
    expect(isNumeric({ ...effect, isNumeric: false })).toBe(false)
  })

  it('hatches from the last value with rows on, and cuts extremes that would take the axis', () => {
    expect(gaps(effect, 'pdp')).toEqual([[2, 4]])
    expect(range(effect, 'ale')).toEqual([1, 4])
    const far = { ...effect, grid: [1, 2, 40].map((at) => ({ at, label: String(at) })) }
    expect(range(far, 'pdp')).toEqual([1, 2.2])
    expect(range(far, 'ale')).toEqual([1, 40])
  })

  it('moves lines of rows to a mean of 0 over where rows are', () => {
    expect(centred([[1, 2, null]], [0.75, 0.25, 0])).toEqual([[-0.25, 0.75, null]])
  })
})
