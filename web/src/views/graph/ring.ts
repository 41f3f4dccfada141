import type { Option } from '../../charts/echarts'
import { tooltips } from '../../charts/lines'
import { tip, type Look } from '../../charts/look'
import { symbols } from '../../charts/scales'
import { interval, words } from '../../design/format'
import { edgeId, kindTitles, touches, type Shown } from './shape'

/** Features on a ring, group by group; the place of each depends on nothing but the data. */
export function ring(
  { nodes, edges }: Shown,
  groups: string[],
  selected: string,
  look: Look,
  isNarrow: boolean,
): Option {
  const most = Math.max(...nodes.map((node) => node.importance?.value ?? 0), 1e-12)
  const near = new Set(
    selected
      ? edges.filter((edge) => touches(edge, selected)).flatMap((edge) => [edge.from, edge.to])
      : nodes.map((node) => node.name),
  )
  if (selected) near.add(selected)
  const size = (value: number): number => 8 + 22 * Math.sqrt(Math.max(0, value) / most)
  const labelled = (name: string): boolean =>
    isNarrow ? (selected ? near.has(name) : nodes.length <= 16) : true
  return {
    tooltip: tooltips(look),
    legend: {
      top: 0,
      left: 0,
      selectedMode: false,
      itemWidth: 14,
      formatter: words,
      textStyle: { color: look.ink },
      data: groups.map((name, k) => ({
        name,
        icon: symbols[k % symbols.length] ?? 'circle',
        itemStyle: { color: look.series[k % look.series.length] ?? look.accent },
      })),
    },
    series: [
      {
        type: 'graph',
        layout: 'circular',
        circular: { rotateLabel: true },
        left: isNarrow ? '19%' : '24%',
        right: isNarrow ? '19%' : '24%',
        top: isNarrow ? 100 : 160,
        bottom: isNarrow ? 72 : 130,
        roam: false,
        categories: groups.map((name) => ({ name })),
        data: nodes.map((node) => {
          const k = groups.indexOf(node.group)
          const isOff = !near.has(node.name)
          return {
            id: node.name,
            name: node.title,
            category: k,
            symbol: symbols[k % symbols.length] ?? 'circle',
            symbolSize: size(node.importance?.value ?? 0),
            value: node.importance?.value ?? 0,
            itemStyle: {
              color: look.series[k % look.series.length] ?? look.accent,
              opacity: isOff ? 0.25 : 1,
              borderColor: node.name === selected ? look.ink : look.surface,
              borderWidth: node.name === selected ? 3 : 1,
            },
            label: {
              show: labelled(node.name),
              color: isOff ? look.muted : look.ink,
              fontWeight: node.name === selected ? 'bold' : 'normal',
              width: isNarrow ? 62 : 136,
              overflow: 'truncate',
            },
            tooltip: {
              formatter: () =>
                tip(node.title, [
                  ['Group', words(node.group)],
                  ['Importance', interval(node.importance)],
                  ['Ties shown', String(edges.filter((edge) => touches(edge, node.name)).length)],
                ]),
            },
          }
        }),
        links: edges.map((edge) => {
          const isOff = selected !== '' && !touches(edge, selected)
          return {
            id: edgeId(edge),
            source: edge.from,
            target: edge.to,
            lineStyle: {
              color: edge.kind === 'redundant' ? look.ink : look.minus,
              type: edge.kind === 'redundant' ? ('solid' as const) : ('dashed' as const),
              width: 1 + 5 * edge.strength,
              opacity: isOff ? 0.08 : selected ? 0.9 : 0.55,
              curveness: 0.25,
            },
            tooltip: {
              formatter: () =>
                tip(kindTitles[edge.kind], [
                  edge.says,
                  ['Strength, 0 to 1', interval({ value: edge.strength, low: edge.low, high: edge.high })],
                ]),
            },
          }
        }),
        emphasis: { focus: 'adjacency', lineStyle: { opacity: 0.95 } },
      },
    ],
  }
}
