import { describe, expect, it } from 'vitest'
import type { Layers } from '../../data/types'
import { flowTable, groupsOf, hasIntervals, isWhole, says } from './flow'
import { knownSays, labelSays, targetsOf } from './probes'
import { named, severity, sorted } from './severity'

const alone = (value: number) => ({ value, low: null, high: null })
const flow = (shares: number[][]): Layers['flow'] =>
  shares.map((row, k) => ({
    layer: `l${k}`,
    title: `Layer ${k + 1}`,
    groups: row.map((share, g) => ({ group: ['user', 'item'][g] ?? '', share: alone(share) })),
  }))
const layers = (shares: number[][], rest: Partial<Layers> = {}): Layers => ({
  sentence: '',
  flow: flow(shares),
  probes: [],
  diagnoses: [],
  ...rest,
})

describe('layers', () => {
  it('stacks shares only where they are parts of one whole', () => {
    expect(isWhole(layers([[0.4, 0.6]]))).toBe(true)
    expect(isWhole(layers([[0.8, 0.66]]))).toBe(false)
    expect(isWhole(layers([[1.1, -0.1]]))).toBe(false)
    expect(hasIntervals(layers([[0.4, 0.6]]))).toBe(false)
  })

  it('says what grows through the depth, or where most passes', () => {
    const grows = layers([
      [0.5, 0.5],
      [0.2, 0.8],
    ])
    expect(says(grows)).toBe('Item grows from 50% in “Layer 1” to 80% in “Layer 2”.')
    const branches = layers([
      [0.1, 0.3],
      [0.9, 0.7],
    ])
    expect(says(branches)).toBe('Most passes through “Layer 2”: 90% of what user features contribute.')
  })

  it('has a row a layer and a column a group', () => {
    const one = layers([[0.4, 0.6]])
    expect(groupsOf(one)).toEqual(['user', 'item'])
    expect(flowTable(one).rows).toEqual([['Layer 1', alone(0.4), alone(0.6)]])
  })

  it('tells the outcome from the features, and a sure loss from a doubtful one', () => {
    const probe = (layer: string, target: string, value: number, half: number | null) => ({
      layer,
      target,
      score: { value, low: half === null ? null : value - half, high: half === null ? null : value + half },
    })
    const one = layers([], {
      probes: [
        probe('A', 'The label', 0.9, 0.01),
        probe('B', 'The label', 0.8, 0.01),
        probe('A', 'Price', 0.5, null),
        probe('B', 'Price', 0.1, null),
      ],
    })
    expect(targetsOf(one)).toEqual(['Price'])
    expect(labelSays(one)).toBe('The outcome can be read best from “A”; “B” surely says less of it.')
    expect(knownSays(one, ['Price'])).toBe('Known best: Price in “A”.')
  })

  it('says features by their display names', () => {
    const titles: Record<string, string> = { product_type: 'Product type' }
    expect(named("'product_type' changes the loss by -0.01.", (name) => titles[name] ?? name)).toBe(
      'Product type changes the loss by −0.01.',
    )
  })

  it('puts the worst diagnosis first', () => {
    const one = (kind: string) => ({ layer: '', says: '', severity: kind })
    expect(sorted(['note', 'good', 'warning', 'error'].map(one)).map((d) => severity(d.severity).id)).toEqual(
      ['bad', 'warning', 'note', 'good'],
    )
  })
})
