import type { Table } from '../../charts/table'
import type { Graph, GraphEdge, GraphNode } from '../../data/types'

export type Which = 'both' | 'redundant' | 'interaction'
export const kindTitles: Record<GraphEdge['kind'], string> = {
  redundant: 'Says the same',
  interaction: 'Works together',
}

export type Shown = { nodes: GraphNode[]; edges: GraphEdge[]; alone: GraphNode[] }

/** What a threshold lets through, strongest first; features in the order of their groups, so that a group is one stretch of the ring. */
export function shown(graph: Graph, threshold: number, which: Which, group = ''): Shown {
  const groups = groupsOf(graph)
  const groupOf = new Map(graph.nodes.map((node) => [node.name, node.group]))
  const edges = graph.edges
    .filter(
      (edge) =>
        edge.strength >= threshold &&
        (which === 'both' || edge.kind === which) &&
        (!group || groupOf.get(edge.from) === group || groupOf.get(edge.to) === group) &&
        groupOf.has(edge.from) &&
        groupOf.has(edge.to),
    )
    .toSorted((a, b) => b.strength - a.strength)
  const tied = new Set(edges.flatMap((edge) => [edge.from, edge.to]))
  const size = (node: GraphNode): number => node.importance?.value ?? 0
  const nodes = graph.nodes
    .filter((node) => tied.has(node.name))
    .toSorted(
      (a, b) =>
        groups.indexOf(a.group) - groups.indexOf(b.group) || size(b) - size(a) || (a.name < b.name ? -1 : 1),
    )
  return { nodes, edges, alone: graph.nodes.filter((node) => !tied.has(node.name)) }
}

export const groupsOf = (graph: Graph): string[] => [...new Set(graph.nodes.map((node) => node.group))].sort()

export const touches = (edge: GraphEdge, name: string): boolean => edge.from === name || edge.to === name

export const edgeId = (edge: GraphEdge): string => `${edge.kind}:${edge.from}*${edge.to}`

export function table(graph: Graph, edges: GraphEdge[]): Table {
  const titles = new Map(graph.nodes.map((node) => [node.name, node.title]))
  return {
    columns: [
      { label: 'Feature' },
      { label: 'With' },
      { label: 'How' },
      { label: 'Strength, 0 to 1' },
      { label: 'In words' },
    ],
    rows: edges.map((edge) => [
      titles.get(edge.from) ?? edge.from,
      titles.get(edge.to) ?? edge.to,
      kindTitles[edge.kind],
      { value: edge.strength, low: edge.low, high: edge.high },
      edge.says,
    ]),
  }
}
