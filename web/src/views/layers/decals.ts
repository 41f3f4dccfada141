const stripes = (rotation: number, gap: number): object => ({
  rotation,
  dashArrayX: [1, 0],
  dashArrayY: [1, gap],
})
const dotted = {
  symbol: 'circle',
  dashArrayX: [
    [6, 6],
    [0, 6, 6, 0],
  ],
  dashArrayY: [5, 0],
  symbolSize: 0.5,
}
const patterns = [
  null,
  stripes(Math.PI / 4, 5),
  dotted,
  stripes(-Math.PI / 4, 5),
  stripes(0, 6),
  stripes(Math.PI / 2, 6),
]

/** A pattern that tells bars apart without their colours. */
export function decal(k: number, colour: string): object {
  const pattern = patterns[k % patterns.length]
  return pattern ? { ...pattern, color: colour, backgroundColor: 'transparent' } : { symbol: 'none' }
}
