import { describe, expect, it } from 'vitest'
import { contrast, luminance, scale, series, type Rgb } from './scales'

const rgb = (text: string): Rgb => text.match(/\d+/g)?.map(Number) as Rgb
const hex = (text: string): Rgb => [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16)) as Rgb

describe('colours', () => {
  it('contrast is that of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21)
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2)
  })

  for (const isDark of [false, true])
    for (const isDiverging of [false, true])
      it(`figures are read on every cell (dark ${isDark}, diverging ${isDiverging})`, () => {
        const colours = scale(1, isDiverging, isDark)
        for (let value = colours.low; value <= colours.high; value += 0.01)
          expect(contrast(rgb(colours.colour(value)), hex(colours.ink(value)))).toBeGreaterThanOrEqual(4.5)
      })

  it('size grows one way in lightness', () => {
    const colours = scale(2, false, false)
    const lights = [0, 0.5, 1, 1.5, 2].map((value) => luminance(rgb(colours.colour(value))))
    expect([...lights].sort((a, b) => b - a)).toEqual(lights)
  })

  it('series stand at 3:1 on their surface', () => {
    for (const colour of series.light) expect(contrast(colour, [255, 255, 255])).toBeGreaterThanOrEqual(3)
    for (const colour of series.dark) expect(contrast(colour, [29, 29, 28])).toBeGreaterThanOrEqual(3)
  })
})
