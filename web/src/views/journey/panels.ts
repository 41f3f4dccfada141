import type { Option } from '../../charts/echarts'
import { categoryAxis, lines, tooltips, valueAxis } from '../../charts/lines'
import type { Look } from '../../charts/look'
import type { Reliance } from './shape'

const plot = 116
const pitch = 28 + plot + 48

export const columns = (isNarrow: boolean): number => (isNarrow ? 1 : 3)
export const panelsHeight = (count: number, isNarrow: boolean): number =>
  Math.ceil(count / columns(isNarrow)) * pitch - 8

/** One small chart a feature, all on one scale, stages from left to right. */
export function panels(
  shown: Reliance[],
  stages: string[],
  unit: string,
  look: Look,
  isNarrow: boolean,
): Option {
  const wide = columns(isNarrow)
  const ends = shown.flatMap((one) =>
    one.nums.flatMap((num) => [num?.low ?? num?.value ?? 0, num?.high ?? num?.value ?? 0]),
  )
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const share = 100 / wide
  const place = (k: number) => ({
    left: `${(k % wide) * share + (isNarrow ? 12 : 4.5)}%`,
    width: `${share - (isNarrow ? 16 : 6.5)}%`,
    top: Math.floor(k / wide) * pitch + 28,
    height: plot,
  })
  const at = stages.map((_, i) => i)
  return {
    tooltip: tooltips(look),
    grid: shown.map((_, k) => place(k)),
    xAxis: shown.map((_, k) => ({
      ...categoryAxis(look, stages),
      gridIndex: k,
      axisLabel: { color: look.muted, hideOverlap: true, interval: stages.length > 6 ? 'auto' : 0 },
    })),
    yAxis: shown.map((one, k) => ({
      ...valueAxis(look),
      gridIndex: k,
      name: one.title,
      nameGap: 10,
      nameTextStyle: {
        color: look.ink,
        fontSize: 13,
        fontWeight: 'bold' as const,
        align: 'left' as const,
        padding: [0, 0, 0, -30],
        width: isNarrow ? 280 : 260,
        overflow: 'truncate' as const,
      },
      min: low,
      max: high,
      splitNumber: 3,
      axisLabel: {
        color: look.muted,
        showMinLabel: low === 0,
        showMaxLabel: false,
        hideOverlap: true,
        formatter: (value: number) =>
          value.toLocaleString('en-GB', { maximumSignificantDigits: 2 }).replace('-', '\u2212'),
      },
    })),
    series: shown.flatMap((one, k) =>
      lines([{ name: one.title, nums: one.nums }], { at, labels: stages, unit, axis: k }, look),
    ),
  } as Option
}
