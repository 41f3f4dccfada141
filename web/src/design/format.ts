import type { Money, Num } from '../data/types'

const minus = '\u2212'
const dash = '\u2013'
const none = '\u2014'
const locale = 'en-GB'

/** Decimals at which a person would stop: one digit of the interval's half width, two if it starts with 1 or 2. */
export function decimals(value: number, low?: number | null, high?: number | null): number {
  const half = low != null && high != null ? (high - low) / 2 : 0
  const size = half > 0 ? half : Math.abs(value) / 50
  if (!(size > 0) || !Number.isFinite(size)) return 0
  const order = Math.floor(Math.log10(size) + 1e-9) // 0.1 as a difference is a hair less
  const leading = size / 10 ** order
  return Math.max(0, Math.min(8, -order + (leading < 3 ? 1 : 0)))
}

/** A number in words of figures: thousands set apart, a true minus, powers of ten where zeros would drown it. */
export function number(value: number | null | undefined, places?: number): string {
  if (value == null || !Number.isFinite(value)) return none
  if (Number.isInteger(value) && places === undefined) return signed(group(value, 0))
  const digits = places ?? decimals(value)
  if (value !== 0 && Math.abs(value) < 0.0001 && digits > 5) return power(value)
  const text = group(value, digits)
  return /^-?0[.0]*$/.test(text) ? text.replace('-', '') : signed(text)
}

function group(value: number, places: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: places, maximumFractionDigits: places })
}

const signed = (text: string): string => text.replace('-', minus)

function power(value: number): string {
  const order = Math.floor(Math.log10(Math.abs(value)))
  const superscript = [...String(order)]
    .map((c) =>
      c === '-' ? '\u207b' : '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079'[Number(c)],
    )
    .join('')
  return signed(`${(value / 10 ** order).toFixed(1)} \u00d7 10${superscript}`)
}

export const isShare = (unit: string | null | undefined): boolean =>
  unit != null && /^(share|percent|%|share of )/.test(unit)

/** A value of a unit, rounded with its interval in view. */
export function amount(value: number | null | undefined, unit?: string | null, places?: number): string {
  if (value == null || !Number.isFinite(value)) return none
  if (isShare(unit)) return percent(value, places)
  return number(value, places)
}

export function percent(share: number | null | undefined, places?: number): string {
  if (share == null || !Number.isFinite(share)) return none
  const shown = share * 100
  return `${number(shown, places ?? (Math.abs(shown) >= 10 || shown === 0 ? 0 : 1))}%`
}

/** "0.031 (0.024–0.038)"; ends with unlike signs are set apart by "to". */
export function interval(num: Num | null | undefined, unit?: string | null): string {
  if (!num || num.value == null) return none
  const scale = isShare(unit) ? 100 : 1
  const [value, low, high] = [
    num.value * scale,
    num.low == null ? null : num.low * scale,
    num.high == null ? null : num.high * scale,
  ]
  const suffix = scale === 100 ? '%' : ''
  if (low == null || high == null) return scale === 100 ? percent(num.value) : number(value)
  const places = low === high ? decimals(value) : decimals(value, low, high)
  return `${number(value, places)}${suffix} (${ends(low, high, places)}${suffix})`
}

/** The ends alone: "0.024–0.038", "−0.002 to 0.004". */
export function ends(low: number, high: number, places: number): string {
  const join = low < 0 ? ' to ' : dash
  return `${number(low, places)}${join}${number(high, places)}`
}

/** Amounts of money: whole units from 10 on, rounded by their interval. */
export function money(sum: Money | null | undefined): string {
  if (!sum) return none
  const half = sum.low != null && sum.high != null ? (sum.high - sum.low) / 2 : Math.abs(sum.value) / 20
  const order = half > 0 ? Math.floor(Math.log10(half)) : 0
  const step = half > 0 ? 10 ** (half / 10 ** order < 3 ? order - 1 : order) : 1
  const round = (value: number): number => Math.round(value / step) * step
  const currency = /^[A-Z]{3}$/.test(sum.unit)
  const show = (value: number): string => {
    const places = step < 1 ? Math.min(2, Math.ceil(-Math.log10(step))) : 0
    const text = currency
      ? value.toLocaleString(locale, {
          style: 'currency',
          currency: sum.unit,
          minimumFractionDigits: places,
          maximumFractionDigits: places,
        })
      : `${group(value, places)} ${sum.unit}`
    return signed(text)
  }
  const main = show(round(sum.value))
  if (sum.low == null || sum.high == null) return main
  return `${main} (${number(round(sum.low), step < 1 ? 2 : 0)}${sum.low < 0 ? ' to ' : dash}${number(round(sum.high), step < 1 ? 2 : 0)})`
}

/** A p-value as papers print it. */
export function pValue(p: number | null | undefined): string {
  if (p == null) return none
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`
}

export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`

export function date(text: string | null | undefined): string {
  if (!text) return none
  const at = new Date(/^\d{4}-\d\d-\d\d \d/.test(text) ? text.replace(' ', 'T') : text)
  if (Number.isNaN(at.getTime())) return text
  return at.toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** Whether an interval holds 0: nothing is known about the sign. */
export const isUnsure = (num: Num | null | undefined): boolean =>
  !num || num.value == null || (num.low != null && num.high != null && num.low <= 0 && num.high >= 0)

/** "feature_does_not_matter" for people. */
export function words(id: string): string {
  const text = id.replaceAll(/[_-]+/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A mark of an axis: as short as it can be. */
export function tick(value: number, unit?: string | null): string {
  const shown = isShare(unit) ? value * 100 : value
  const short = Number(shown.toPrecision(10)).toLocaleString(locale, { maximumFractionDigits: 8 })
  return signed(short) + (isShare(unit) ? '%' : '')
}
