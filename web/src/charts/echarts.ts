// Only what is drawn is bundled; a chart that needs more adds it here.
import { BarChart, CustomChart, GraphChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import * as core from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type {
  BarSeriesOption,
  CustomSeriesOption,
  GraphSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts'
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components'

core.use([
  BarChart,
  CustomChart,
  GraphChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
])

export type Option = core.ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | GraphSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>
export type Series = Extract<NonNullable<Option['series']>, unknown[]>[number]
export type { CustomSeriesOption, LineSeriesOption }
export const { init } = core
