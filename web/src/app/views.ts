import type { Component } from 'svelte'
import Dossier from '../views/dossier/Dossier.svelte'
import Effects from '../views/effects/Effects.svelte'
import Graph from '../views/graph/Graph.svelte'
import Heatmap from '../views/heatmap/Heatmap.svelte'
import Inbox from '../views/inbox/Inbox.svelte'
import Journey from '../views/journey/Journey.svelte'
import Layers from '../views/layers/Layers.svelte'
import Leadership from '../views/leadership/Leadership.svelte'
import Rows from '../views/rows/Rows.svelte'
import Trust from '../views/trust/Trust.svelte'

export type View = {
  id: string
  title: string
  /** The reader's question that the view answers. */
  asks: string
  group: 'Decide' | 'Understand' | 'Check'
  component: Component<{ run: string; rest: string[] }>
  /** Shows single rows: absent from reports and for those without the right. */
  rows?: boolean
  /** Part of the study that writes what it shows. */
  needs?: 'effects' | 'layers' | 'evaluation'
}

export const views: View[] = [
  {
    id: 'inbox',
    title: 'Inbox',
    asks: 'What changed, and what needs me?',
    group: 'Decide',
    component: Inbox,
  },
  {
    id: 'leadership',
    title: 'Leadership',
    asks: 'What was learnt, decided and gained?',
    group: 'Decide',
    component: Leadership,
  },
  {
    id: 'heatmap',
    title: 'Heatmap',
    asks: 'Which features matter, and for whom?',
    group: 'Understand',
    component: Heatmap,
  },
  {
    id: 'features',
    title: 'Features',
    asks: 'What do we know about one feature?',
    group: 'Understand',
    component: Dossier,
  },
  {
    id: 'effects',
    title: 'Effects',
    asks: 'How does the score follow a value?',
    group: 'Understand',
    component: Effects,
    needs: 'effects',
  },
  {
    id: 'graph',
    title: 'Dependencies',
    asks: 'Which features say the same or work together?',
    group: 'Understand',
    component: Graph,
  },
  {
    id: 'rows',
    title: 'One recommendation',
    asks: 'Why was this shown, and what would change it?',
    group: 'Understand',
    component: Rows,
    rows: true,
  },
  {
    id: 'journey',
    title: 'Journey',
    asks: 'How does reliance change as people stay?',
    group: 'Understand',
    component: Journey,
  },
  {
    id: 'layers',
    title: 'Layers',
    asks: 'Where in the model does it happen?',
    group: 'Check',
    component: Layers,
    needs: 'layers',
  },
  {
    id: 'trust',
    title: 'Trust',
    asks: 'How far may these numbers be believed?',
    group: 'Check',
    component: Trust,
  },
]
