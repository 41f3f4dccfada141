import { describe, expect, it } from 'vitest'
import {
  amount,
  count,
  date,
  decimals,
  interval,
  isUnsure,
  money,
  number,
  percent,
  pValue,
  words,
} from './format'

describe('numbers', () => {
  it('stop where the interval says no more', () => {
    expect(interval({ value: 0.0312, low: 0.0242, high: 0.0381 })).toBe('0.031 (0.024–0.038)')
    expect(interval({ value: 0.02746, low: 0.02398, high: 0.03094 })).toBe('0.027 (0.024–0.031)')
    expect(interval({ value: 0.00123, low: 0.00023, high: 0.00223 })).toBe('0.0012 (0.0002–0.0022)')
    expect(interval({ value: 1234.5, low: 1200, high: 1269 })).toBe('1,235 (1,200–1,269)')
  })

  it('set ends of unlike signs apart by a word, with true minus signs', () => {
    expect(interval({ value: 0.001, low: -0.0021, high: 0.0042 })).toBe('0.001 (−0.002 to 0.004)')
  })

  it('have no interval when none is known', () => {
    expect(interval({ value: 0.5, low: null, high: null })).toBe('0.500')
    expect(interval(null)).toBe('—')
    expect(number(Number.NaN)).toBe('—')
  })

  it('never show a negative zero', () => expect(number(-0.0001, 2)).toBe('0.00'))
  it('use powers of ten where zeros would drown the figures', () => expect(number(1.3e-7)).toBe('1.3 × 10⁻⁷'))
  it('have a digit or two of the uncertainty', () => {
    expect(decimals(1, 0.6, 1.4)).toBe(1)
    expect(decimals(1, 0.88, 1.12)).toBe(2)
    expect(decimals(5000, 4000, 6000)).toBe(0)
  })
})

describe('units', () => {
  it('shares are percent', () => {
    expect(interval({ value: 0.157, low: 0.152, high: 0.162 }, 'share')).toBe('15.7% (15.2–16.2%)')
    expect(percent(0.2)).toBe('20%')
    expect(amount(0.031, 'share')).toBe('3.1%')
  })

  it('money has its currency and is rounded by its interval', () => {
    expect(money({ value: 4681, low: 2927, high: 6435, unit: 'EUR' })).toBe('€4,700 (2,900–6,400)')
    expect(money({ value: 940, low: -1980, high: 3860, unit: 'EUR' })).toBe('€900 (−2,000 to 3,900)')
    expect(money(null)).toBe('—')
  })
})

describe('words', () => {
  it('of ids, counts, p-values and dates', () => {
    expect(words('feature_does_not_matter')).toBe('Feature does not matter')
    expect(count(1, 'row')).toBe('1 row')
    expect(count(1200, 'row')).toBe('1,200 rows')
    expect(pValue(2e-18)).toBe('p < 0.001')
    expect(pValue(0.2)).toBe('p = 0.20')
    expect(date('2017-10-02 00:26:23')).toBe('2 Oct 2017')
  })

  it('of doubt', () => {
    expect(isUnsure({ value: 1, low: -0.1, high: 2 })).toBe(true)
    expect(isUnsure({ value: 1, low: 0.1, high: 2 })).toBe(false)
  })
})
