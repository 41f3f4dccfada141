import { xml } from '../../charts/export'
import type { Look } from '../../charts/look'
import type { Scale } from '../../charts/scales'
import type { Num } from '../../data/types'
import { isUnsure, number } from '../../design/format'

type Grid = { columns: string[]; rows: { label: string; cells: (Num | null)[] }[] }

/** The heatmap as a picture for slides: the same colours and numbers as on the page. */
export function heatmapSvg(
  grid: Grid,
  scale: Scale,
  look: Look,
  title: string,
  isHidden: (num: Num) => boolean,
): string {
  const [left, top, wide, high] = [200, 150, 64, 26]
  const width = left + grid.columns.length * wide + 60
  const height = top + grid.rows.length * high + 16
  const text = (x: number, y: number, words: string, more = ''): string =>
    `<text x="${x}" y="${y}" ${more}>${xml(words)}</text>`
  const heads = grid.columns.map((label, k) =>
    text(
      0,
      0,
      short(label, 20),
      `transform="translate(${left + k * wide + wide / 2} ${top - 8}) rotate(-40)" fill="${look.ink}"`,
    ),
  )
  const body = grid.rows.flatMap((row, r) => {
    const y = top + r * high
    const cells = row.cells.map((num, k) => {
      const box = `x="${left + k * wide}" y="${y}" width="${wide - 2}" height="${high - 2}"`
      if (num?.value == null || isHidden(num)) return `<rect ${box} fill="none" stroke="${look.line}"/>`
      const middle = `text-anchor="middle" fill="${scale.ink(num.value)}"${isUnsure(num) ? ' font-style="italic"' : ''}`
      // unsure cells are dashed at their foot, as on the page
      const foot = isUnsure(num)
        ? `<path d="M${left + k * wide + 2} ${y + high - 4}h${wide - 6}" stroke="${scale.ink(num.value)}" stroke-width="2" stroke-dasharray="2 3" stroke-opacity="0.6"/>`
        : ''
      return (
        `<rect ${box} fill="${scale.colour(num.value)}"/>` +
        text(left + k * wide + wide / 2 - 1, y + 16, number(num.value, places(scale)), middle) +
        foot
      )
    })
    return [text(left - 8, y + 16, short(row.label, 28), `text-anchor="end" fill="${look.ink}"`), ...cells]
  })
  const head = text(16, 24, title, `font-size="15" font-weight="600" fill="${look.ink}"`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xml(look.font)}" font-size="12">${head}${heads.join('')}${body.join('')}</svg>`
}

/** Decimals that tell cells apart without noise: two figures of the largest. */
export function places(scale: Scale): number {
  return Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(scale.high))))
}

const short = (words: string, most: number): string =>
  words.length > most ? `${words.slice(0, most - 1)}\u2026` : words
