export type Rgb = [number, number, number]

// One hue for size (light to dark; the other way round on dark), blue–orange around zero: told apart with any colour vision.
const sequential: Record<'light' | 'dark', Rgb[]> = {
  light: [
    [243, 247, 247],
    [197, 222, 222],
    [128, 180, 182],
    [58, 133, 138],
    [13, 92, 99],
    [4, 54, 60],
  ],
  dark: [
    [34, 38, 38],
    [24, 62, 65],
    [22, 98, 102],
    [46, 143, 147],
    [111, 195, 196],
    [203, 238, 237],
  ],
}
const diverging: Record<'light' | 'dark', Rgb[]> = {
  light: [
    [140, 62, 4],
    [205, 110, 32],
    [240, 188, 134],
    [246, 244, 241],
    [150, 192, 232],
    [61, 128, 199],
    [16, 68, 130],
  ],
  dark: [
    [255, 190, 125],
    [214, 126, 52],
    [122, 70, 28],
    [40, 39, 38],
    [31, 78, 128],
    [70, 139, 212],
    [170, 209, 250],
  ],
}

function along(stops: Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const left = Math.min(stops.length - 2, Math.floor(at))
  const [a, b] = [stops[left] as Rgb, stops[left + 1] as Rgb]
  return [0, 1, 2].map((k) =>
    Math.round((a[k] as number) + ((b[k] as number) - (a[k] as number)) * (at - left)),
  ) as Rgb
}

export type Scale = { colour(value: number): string; ink(value: number): string; low: number; high: number }

/** Colours for values up to `largest` in size: from zero up, or around zero. */
export function scale(largest: number, isDiverging: boolean, isDark: boolean): Scale {
  const tone = isDark ? 'dark' : 'light'
  const top = largest > 0 ? largest : 1
  const rgb = (value: number): Rgb =>
    isDiverging
      ? along(diverging[tone], (value / top + 1) / 2)
      : along(sequential[tone], Math.sqrt(Math.max(0, value) / top))
  return {
    low: isDiverging ? -top : 0,
    high: top,
    colour: (value) => `rgb(${rgb(value).join(' ')})`,
    ink: (value) => ink(rgb(value)),
  }
}

/** Black or white, whichever is read better on a colour. */
export function ink(rgb: Rgb): string {
  const light = luminance(rgb)
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? '#000000' : '#ffffff'
}

export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of two colours by WCAG, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** Colours of series, at least 3:1 on their surface and apart for common colour blindness (after Okabe and Ito). */
export const series: Record<'light' | 'dark', Rgb[]> = {
  light: [
    [13, 92, 99],
    [200, 90, 0],
    [0, 98, 178],
    [158, 60, 120],
    [112, 104, 0],
    [85, 82, 75],
  ],
  dark: [
    [111, 195, 196],
    [240, 160, 90],
    [110, 180, 240],
    [226, 150, 196],
    [214, 200, 80],
    [189, 185, 176],
  ],
}
export const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [12, 4], [2, 6]] as const
export const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'] as const
export const css = (rgb: Rgb): string => `rgb(${rgb.join(', ')})`
