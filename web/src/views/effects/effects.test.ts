import { describe, expect, it } from 'vitest'
import type { Effect } from '../../data/types'
import { cells } from './curves'
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

  it('cuts the axis half way between the points', () => {
    expect(cells([1, 2, 4])).toEqual([
      [1, 1.5],
      [1.5, 3],
      [3, 4],
    ])
  })
})
