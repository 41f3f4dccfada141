// Shapes of the API's documents, camelCase JSON.

export type Num = {
  value: number | null
  low: number | null
  high: number | null
  p?: number | null
  rank?: [number, number | null, number | null] | null
}
export type Ref = { id: string; label: string }
export type Paged<T> = { items: T[]; total: number; page: number; pageSize: number }
export type Grade = 'A' | 'B' | 'C' | 'D'
export type Role = 'viewer' | 'analyst' | 'owner' | 'admin'
export type Status = 'open' | 'accepted' | 'rejected' | 'done' | 'snoozed'
export type DimensionKind = 'user' | 'item' | 'context' | 'journey' | 'other'

export type Me = { name: string; role: Role; canSeeRows: boolean; csrfToken: string | null }

export type RunSummary = {
  id: string
  name: string
  head: string
  modelFile: string
  modelVersion: string | null
  created: string
  headline: string
  grades: Record<Grade, number>
  actions: number
  isStale: boolean
  staleReason: string | null
  previousRun: string | null
}
export type Split = {
  name: string
  rows: number
  clusters: number
  lists: number | null
  positiveShare: number | null
  first: string | null
  last: string | null
}
export type Feature = {
  name: string
  title: string
  group: string
  kind: string
  owner: string | null
  description: string | null
}
export type Dimension = { name: string; title: string; kind: DimensionKind; segments: number }
export type Estimand = {
  id: string
  title: string
  unit: string
  says: string
  methods: Ref[]
  isAbsolute: boolean
}
export type RunDetail = RunSummary & {
  purpose: string | null
  label: string
  cluster: string
  clusterPlural: string
  sampling: string | null
  splits: Split[]
  features: Feature[]
  dimensions: Dimension[]
  estimands: Estimand[]
  views: { effects: boolean; layers: boolean; evaluation: boolean }
  quality: {
    estimand: string
    title: string
    unit?: string
    model: Num | null
    floors: { name: string; value: Num | null }[]
  }[]
}

export type Money = { value: number; low: number | null; high: number | null; unit: string }
export type Decision = { decision: string; reason: string; by: string; at: string }
export type InboxItem = {
  subject: 'finding' | 'action'
  id: string
  title: string
  howSure: string
  forWhom: string
  whatCouldBeWrong: string
  whatToDo: string
  grade: Grade
  tier?: string | null
  kind: string
  features: Ref[]
  segment: Ref | null
  value: Num | null
  unit: string
  money: Money | null
  isNew: boolean
  changed: string | null
  status: Status
  assignee: string | null
  snoozedUntil: string | null
  comments: number
  decision: Decision | null
}
export type Facets = Record<'grade' | 'kind' | 'status', Record<string, number>>
export type Inbox = Paged<InboxItem> & { facets: Facets }

export type Discussed = Pick<
  InboxItem,
  'status' | 'assignee' | 'snoozedUntil' | 'comments' | 'decision' | 'isNew' | 'changed'
>
export type Finding = Discussed & {
  id: string
  kind: string
  feature: string
  features: string[]
  displayName: string
  dimension: string
  segment: string
  segmentLabel: string
  estimand: string
  method: string
  value: number | null
  interval: { low: number | null; high: number | null; level: number; kind: string } | null
  margin: number | null
  family: { name: string; tests: number; adjustment: string; pAdjusted: number | null } | null
  replicated: string
  grade: Grade
  gradeReasons: string[]
  missingForNextGrade: string[]
  sentences: { effect: string; howSure: string; forWhom: string; whatCouldBeWrong: string; whatToDo: string }
  assumptions: string[]
  limitations: string[]
  alternativeExplanations: string[]
  pedigree: {
    split: string
    rows: number
    clusters: number
    standardError: number | null
    replicates: number
    seed: number
    softwareVersion: string
    baseline: string
    head: string
  }
}
export type Action = Discussed & {
  id: string
  kind: string
  tier: string
  rank: number
  title: string
  target: { features: string[]; dimension: string; segments: string[] }
  evidence: { id: string; isFinding: boolean; isNeeded: boolean; grade: Grade | null; says: string }[]
  grade: Grade
  missing: string[]
  effect: { unit: string; value: number | null; low: number | null; high: number | null; says: string } | null
  savings: { says: string } | null
  value: { unit: string; value: number; low: number | null; high: number | null; says: string } | null
  cost: { level: string; says: string } | null
  risk: { level: string; says: string } | null
  experiment: {
    design: string
    unitOfRandomisation: string
    population: string
    hypothesis: string
    metric: string
    guardrails: string[]
    sampleSize: { says: string } | null
    offline: { says: string } | null
  } | null
  first: string | null
}

export type Contrast = {
  value: number | null
  low: number | null
  high: number | null
  pAdjusted: number | null
  replicated: string | boolean | null
}
export type Segment = { id: string; label: string; rows: number; clusters?: number; status?: string | null }
/** What is shown of how many, and how to ask for more. */
export type Truncated = { shown: number; of: number; ask: string }
export type HeatFeature = { name: string; title: string; group: string }
export type Heatmap = {
  estimand: string
  title: string
  unit: string
  method: string
  dimension: string
  sentence: string
  isDiverging: boolean
  segments: Segment[]
  features: HeatFeature[]
  cells: (Num | null)[][]
  overall: (Num | null)[]
  heterogeneity: ({ tau: Num | null; iSquared: Num | null; p: number | null } | null)[] | null
  contrasts: (Contrast | null)[][] | null
  methodTitle?: string
  dimensionTitle?: string
  split?: string
  truncated?: { segments: Truncated | null; features: Truncated | null } | null
}

export type Hypothesis = {
  id?: string | null
  claim: string
  by: string | null
  verdict: string | null
  because: string | null
  grade: Grade | null
}
export type Dossier = {
  feature: Feature
  sentence: string
  importance: {
    estimand: string
    title: string
    method: string
    unit: string
    explain: Num | null
    holdout: Num | null
    replicated: string | boolean | null
    grade: Grade | null
  }[]
  coverage: {
    coverage: Num | null
    missing: Num | null
    default: Num | null
    opportunity: { estimand: string; value: Num }[]
  } | null
  segments: { dimension: string; segment: string; label: string; value: Num }[]
  interactions: { other: Ref; value: Num; kind: string }[]
  adjusted: { confounder: string; crude: Num | null; adjusted: Num | null; moved: Num | null }[]
  time: { period: string; value: Num }[]
  retraining: { estimand: string; title: string; value: Num }[]
  findings: InboxItem[]
  actions: InboxItem[]
  hypotheses: Hypothesis[]
  history: { run: string; created: string; modelVersion: string | null; value: Num }[]
  parity: { psi?: Num | null; missing?: Num | null; says?: string | null } | null
}

export type EffectsList = {
  features: { name: string; title: string; kinds: string[] }[]
  what?: string | null
}
export type Effect = {
  feature: string
  title?: string
  sentence: string
  unit: string
  isNumeric?: boolean
  grid: { at: number | string | null; label: string }[]
  density: (number | null)[]
  pdp: (Num | null)[] | null
  ale: (Num | null)[] | null
  /** Whether rows stand behind the partial dependence there. */
  supported: boolean[]
  /** Whether enough rows are there: all that accumulated local effects need. */
  enoughRows?: boolean[] | null
  segments: {
    id?: string
    label: string
    pdp?: (Num | null)[] | null
    ale?: (Num | null)[] | null
    supported?: boolean[] | null
    enoughRows?: boolean[] | null
  }[]
  dimension?: string | null
  what?: string | null
}
export type Ice = { grid: (number | string)[]; lines: (number | null)[][] }

export type GraphNode = { name: string; title: string; group: string; importance: Num | null }
export type GraphEdge = {
  from: string
  to: string
  kind: 'redundant' | 'interaction'
  strength: number
  low: number | null
  high: number | null
  says: string
}
export type Graph = {
  sentence: string
  nodes: GraphNode[]
  edges: GraphEdge[]
  truncated?: Truncated | null
}

export type RowSummary = {
  row: number
  request: string | null
  cluster: string | null
  item: string | null
  label: number | null
  score: number | null
  labelText: string | null
}
export type Attribution = {
  feature: string
  title: string
  value: string | number | null
  attribution: number | null
}
export type RowDetail = {
  row: number
  score: number
  methods: {
    id: string
    title: string
    baselineScore: number | null
    gap: number | null
    attributions: Attribution[]
  }[]
  candidates: RowSummary[]
}
export type WhatIf = { before: number; after: number; attributions: Attribution[] }

export type Journey = {
  sentence: string
  dimension?: Ref | null
  dimensions?: Ref[]
  unit?: string | null
  stages: Segment[]
  features: HeatFeature[]
  cells: (Num | null)[][]
  history: { bucket: string; share: Num }[]
  cohorts: { label: string; values: (Num | null)[] }[]
}

export type Layers = {
  sentence: string
  flow: { layer: string; title: string; groups: { group: string; share: Num }[] }[]
  probes: { layer: string; target: string; score: Num; control?: Num | null }[]
  diagnoses: { layer: string; says: string; severity: string }[]
}

export type Trust = {
  sentence: string
  agreement: { a: string; b: string; rank: Num | null; top: Num | null }[]
  faithfulness: {
    method: string
    title: string
    metric: string
    value: Num
    floor: number | null
    higherIsBetter?: boolean
  }[]
  sanity: { name: string; passed: boolean | null; says: string }[]
  stability: { name: string; value: Num; says?: string | null }[]
  floors: { name: string; split?: string | null; value: Num; passed: boolean | null }[]
  completeness: {
    split: string
    method: string
    meanAbsolute: number | null
    largest: number | null
    share?: number | null
  }[]
  parity: { says: string; drifted?: Ref[] } | null
  card: string
  staleWhen: string[]
  reviewers: { who: string; why: string }[]
  /** What was not tested, and how to ask for it. */
  what?: string | null
}

export type Sentence = {
  says: string
  grade: Grade | null
  value: Num | null
  unit?: string | null
  link?: string | null
}
export type LogEntry = {
  at: string
  by: string
  subject: string
  title: string
  decision: string
  reason: string
}
export type Leadership = {
  title: string
  period: string
  headline: string
  learnt: Sentence[]
  decided: LogEntry[]
  gained: { says: string; money: Money | null; value: Num | null; unit: string | null }[]
  open: Sentence[]
  decisionLog: LogEntry[]
  comparison: {
    previousRun: string
    previousName?: string | null
    differences: {
      title: string
      before: Num | null
      after: Num | null
      difference: Num | null
      says: string
    }[]
  } | null
}

export type Comment = { id: string | number; by: string; at: string; text: string; mentions: string[] }
export type User = { name: string; role?: Role }
export type Job = {
  id: string
  kind: string
  status: string
  progress: number | null
  message: string | null
  created: string
  run: string | null
}
