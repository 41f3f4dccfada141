import { describe, expect, it } from 'vitest'
import type { Look } from '../../charts/look'
import type { Graph } from '../../data/types'
import { ring } from './ring'
import { shown, table } from './shape'

const node = (name: string, group: string, value: number) => ({
  name,
  title: name.toUpperCase(),
  group,
  importance: { value, low: null, high: null },
})
const graph: Graph = {
  sentence: '',
  nodes: [node('a', 'user', 1), node('b', 'item', 2), node('c', 'item', 3), node('d', 'user', 4)],
  edges: [
    { from: 'a', to: 'b', kind: 'redundant', strength: 0.4, low: 0.3, high: 0.5, says: 'a and b' },
    { from: 'b', to: 'c', kind: 'interaction', strength: 0.9, low: null, high: null, says: 'b and c' },
    { from: 'a', to: 'gone', kind: 'redundant', strength: 1, low: null, high: null, says: '' },
  ],
}
const look = { series: ['red', 'blue'], ink: 'black', minus: 'orange', surface: 'white' } as Look

describe('graph', () => {
  it('lets through what reaches the threshold, strongest first, and names who stands alone', () => {
    const all = shown(graph, 0.4, 'both')
    expect(all.edges.map((edge) => edge.says)).toEqual(['b and c', 'a and b'])
    expect(all.nodes.map((one) => one.name)).toEqual(['c', 'b', 'a'])
    expect(all.alone.map((one) => one.name)).toEqual(['d'])
    expect(shown(graph, 0.5, 'both').edges).toHaveLength(1)
    expect(shown(graph, 0, 'redundant').edges.map((edge) => edge.says)).toEqual(['a and b'])
    expect(shown(graph, 0, 'both', 'user').edges.map((edge) => edge.says)).toEqual(['a and b'])
  })

  it('has display names and intervals in its table', () => {
    expect(table(graph, graph.edges.slice(0, 1)).rows[0]).toEqual([
      'A',
      'B',
      'Says the same',
      { value: 0.4, low: 0.3, high: 0.5 },
      'a and b',
    ])
  })

  it('draws the same twice, and dims what does not touch the choice', () => {
    const draw = () => ring(shown(graph, 0, 'both'), ['item', 'user'], 'a', look, false)
    expect(JSON.stringify(draw())).toBe(JSON.stringify(draw()))
    const series = (draw().series as { links: { source: string; lineStyle: { opacity: number } }[] }[])[0]
    const opacity = Object.fromEntries(series?.links.map((one) => [one.source, one.lineStyle.opacity]) ?? [])
    expect(opacity['a']).toBeGreaterThan(opacity['b'] ?? 1)
  })
})
