import { describe, expect, it } from 'vitest'
import { legend, lines } from './lines'
import type { Look } from './look'

const look = { series: ['red', 'blue'], surface: 'white', ink: 'black' } as Look
const num = (value: number) => ({ value, low: value - 1, high: value + 1 })
const panel = { at: [0, 1, 2, 3], labels: ['a', 'b', 'c', 'd'], unit: '' }

describe('lines', () => {
  it('draws what stands on rows apart from what is extrapolated, and joins the two', () => {
    const made = lines(
      [{ name: 'x', nums: [0, 1, 2, 3].map(num), firm: [true, true, false, false] }],
      panel,
      look,
    )
    const of = (name: string): unknown =>
      made.filter((one) => one.type === 'line').find((one) => one.name === name)?.data
    expect(of('x')).toEqual([
      [0, 0],
      [1, 1],
      [2, null],
      [3, null],
    ])
    expect(of('x (extrapolated)')).toEqual([
      [0, null],
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  it('has no band where nothing is known of the interval', () => {
    const [band] = lines(
      [{ name: 'x', nums: [num(0), { value: 1, low: null, high: null }, num(2)] }],
      panel,
      look,
    )
    expect(band?.data).toEqual([
      [0, -1, 1],
      [2, 1, 3],
    ])
  })

  it('tells lines apart by dash and mark, not by colour alone', () => {
    const made = lines(
      [
        { name: 'x', nums: [num(0)] },
        { name: 'y', nums: [num(1)] },
      ],
      panel,
      look,
    ).flatMap((one) => (one.type === 'line' ? [one] : []))
    expect(made[0]?.lineStyle?.type).not.toEqual(made[1]?.lineStyle?.type)
    expect(made[0]?.symbol).not.toEqual(made[1]?.symbol)
  })

  it('needs no legend for one line', () => {
    expect(legend(['x'], look, false)).toEqual({ show: false })
  })
})
