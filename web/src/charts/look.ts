import { css, series, type Rgb } from './scales'

/** Colours and text of charts, read from the page's tokens so that charts and page are one. */
export type Look = {
  isDark: boolean
  /** Width of the drawing in pixels. */
  width: number
  ink: string
  muted: string
  line: string
  edge: string
  surface: string
  accent: string
  plus: string
  minus: string
  font: string
  series: string[]
}

export function look(isDark: boolean, width = 900): Look {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    isDark,
    width,
    ink: token('ink'),
    muted: token('ink-2'),
    line: token('line'),
    edge: token('edge'),
    surface: token('surface'),
    accent: token('accent'),
    plus: token('plus'),
    minus: token('minus'),
    font: token('font').replaceAll('"', "'"), // stands inside attributes of exported drawings
    series: series[isDark ? 'dark' : 'light'].map((rgb: Rgb) => css(rgb)),
  }
}

/** A tooltip of plain text lines: built of nodes, so that no data is ever read as HTML. */
export function tip(title: string, lines: (string | [string, string])[] = []): HTMLElement {
  const box = document.createElement('div')
  const head = document.createElement('strong')
  head.textContent = title
  box.append(head)
  for (const line of lines) {
    const row = document.createElement('div')
    row.textContent = typeof line === 'string' ? line : `${line[0]}: ${line[1]}`
    box.append(row)
  }
  return box
}
