// node dev/fixtures.mjs RUN [FEATURES.json] → dev/data/documents.json, for `npm run dev` without a server.
// Findings, actions, card and estimates are the run's; effects, layers, rows and evaluation are made up.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { effects, layers } from './parts.mjs'

const [folder = '', dictionary] = process.argv.slice(2)
const json = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const run = json('run.json')
const card = json('card.json')
const findings = json('findings.json').findings
const actions = json('actions.json').actions
const rows = await parquetReadObjects({
  file: await asyncBufferFromFile(join(folder, 'estimates.parquet')),
  compressors,
})
for (const r of rows)
  Object.assign(r, { dimension: r.segment_dimension, group: r.feature_group, low: r.ci_low, high: r.ci_high })

const camel = (x) =>
  Array.isArray(x)
    ? x.map(camel)
    : x && typeof x === 'object'
      ? Object.fromEntries(
          Object.entries(x).map(([k, v]) => [k.replace(/_(.)/g, (_, c) => c.toUpperCase()), camel(v)]),
        )
      : x
const fine = (x) => (x == null || Number.isNaN(Number(x)) ? null : Number(x))
const num = (e) =>
  e && {
    value: fine(e.value),
    low: fine(e.low),
    high: fine(e.high),
    p: fine(e.p_adjusted),
    rank: e.rank == null ? null : [Number(e.rank), fine(e.rank_low), fine(e.rank_high)],
  }
const title = (name) => {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
const groups = {}
for (const e of rows) if (e.feature && e.group) groups[e.feature] = e.group
const names = [...new Set(findings.flatMap((f) => f.features))].filter((n) => groups[n] !== undefined || true)
const dict = dictionary ? JSON.parse(readFileSync(dictionary, 'utf8')).features : []
const features = names.map((name) => ({
  name,
  title: title(name),
  group: groups[name] ?? 'other',
  kind: dict.find((d) => d.feature === name)?.kind ?? 'numeric',
  owner: ['Ada Ek', 'Bo Lind', 'Chen Wu'][name.length % 3],
  description: `What the pipeline writes to ${name}.`,
}))
const id = 'a1b2c3d4e5f6'
const base = `/runs/${id}`
const documents = {}

const dims = [...new Set(rows.map((r) => r.dimension))].filter(
  (d) => d !== 'overall' && rows.some((r) => r.dimension === d && r.estimand === 'permutation_auc'),
)
const kinds = {
  department: 'item',
  life: 'user',
  visits: 'journey',
  price: 'item',
  region: 'user',
  lifecycle_stage: 'journey',
}
const dimensions = dims.map((name) => ({
  name,
  title: title(name),
  kind: kinds[name] ?? 'context',
  segments: new Set(rows.filter((r) => r.dimension === name).map((r) => r.segment)).size,
}))
const titles = {
  permutation_auc: 'AUC lost when the values are exchanged',
  conditional_permutation_auc: 'AUC lost without what it adds',
  mean_abs_attribution: 'How much the score leans on it',
  mean_attribution: 'Which way it moves the score',
}
const methodsOf = (estimand) => [...new Set(rows.filter((r) => r.estimand === estimand).map((r) => r.method))]
const estimands = Object.keys(titles)
  .filter((e) => methodsOf(e).length)
  .map((estimand) => ({
    id: estimand,
    title: titles[estimand],
    unit: estimand.includes('attribution') ? 'logit' : 'auc',
    says: 'What the model loses when the feature no longer says anything.',
    methods: methodsOf(estimand).map((m) => ({ id: m, label: title(m) })),
    isAbsolute: estimand === 'mean_abs_attribution',
  }))
const grades = { A: 0, B: 0, C: 0, D: 0 }
for (const f of findings) grades[f.grade]++
const summary = {
  id,
  name: run.study ?? run.name,
  head: run.head,
  modelFile: card.model.file,
  modelVersion: '7',
  created: '2026-11-24T14:41:00Z',
  headline: findings[0].sentences.effect,
  grades,
  actions: actions.length,
  isStale: true,
  staleReason: card.stale_when.find((s) => s.includes('days')) ?? null,
  previousRun: null,
}
documents['/me'] = { name: 'Ada Ek', role: 'owner', canSeeRows: true, csrfToken: 'x' }
documents['/users'] = [
  { name: 'Ada Ek', role: 'owner' },
  { name: 'Bo Lind', role: 'analyst' },
  { name: 'Chen Wu', role: 'viewer' },
]
documents['/jobs'] = { items: [], total: 0, page: 1, pageSize: 50 }
documents['/runs'] = {
  items: [
    summary,
    {
      ...summary,
      id: 'ffffffffffff',
      name: 'grocery, DeepFM, spring',
      isStale: false,
      created: '2026-08-02T10:00:00Z',
    },
  ],
  total: 2,
  page: 1,
  pageSize: 50,
}
documents[base] = {
  ...summary,
  purpose: card.purpose,
  label: run.label,
  cluster: run.cluster,
  clusterPlural: 'households',
  sampling: card.sampling,
  splits: card.data.map((d) => ({ ...camel(d), name: d.split })),
  features,
  dimensions,
  estimands,
  views: { effects: true, layers: true, evaluation: true },
  quality: ['auc', 'ndcg@10'].map((q) => ({
    estimand: q,
    title: q.toUpperCase(),
    model: num(
      rows.find(
        (r) => r.estimand === q && r.method === 'model' && r.dimension === 'overall' && r.split === 'explain',
      ),
    ) ?? { value: card.model.auc, low: null, high: null },
    floors: run.verdict.floors
      .filter((f) => f.split === 'explain')
      .slice(0, 4)
      .map((f) => ({ name: f.floor, value: { value: f.auc, low: null, high: null } })),
  })),
}
const refs = (list) => list.map((name) => ({ id: name, label: title(name) }))
const plain = {
  isNew: false,
  changed: null,
  status: 'open',
  assignee: null,
  snoozedUntil: null,
  comments: 0,
  decision: null,
}
const inbox = [
  ...actions.map((a, i) => ({
    subject: 'action',
    id: a.id,
    title: a.title,
    howSure: `Grade ${a.grade}.`,
    forWhom: a.experiment?.population ?? '',
    whatCouldBeWrong: a.risk?.says ?? '',
    whatToDo: a.first ?? '',
    grade: a.grade,
    tier: a.tier,
    kind: a.kind,
    features: refs(a.target.features),
    segment:
      a.target.dimension === 'overall' ? null : { id: a.target.segments[0], label: a.target.segments[0] },
    value: a.effect?.value == null ? null : { value: a.effect.value, low: a.effect.low, high: a.effect.high },
    unit: a.effect?.unit ?? '',
    money: a.value
      ? { value: a.value.value, low: a.value.low, high: a.value.high, unit: a.value.unit }
      : null,
    ...plain,
    isNew: i < 2,
    assignee: i === 0 ? 'Ada Ek' : null,
    comments: i === 0 ? 3 : 0,
    status: i === 3 ? 'accepted' : 'open',
    decision:
      i === 3
        ? {
            decision: 'accepted',
            reason: 'Cheap to try before the autumn release.',
            by: 'Ada Ek',
            at: '2026-11-20T10:00:00Z',
          }
        : null,
  })),
  ...findings.map((f, i) => ({
    subject: 'finding',
    id: f.id,
    title: f.sentences.effect,
    howSure: f.sentences.how_sure,
    forWhom: f.sentences.for_whom,
    whatCouldBeWrong: f.sentences.what_could_be_wrong,
    whatToDo: f.sentences.what_to_do,
    grade: f.grade,
    kind: f.kind,
    features: refs(f.features),
    segment: f.dimension === 'overall' ? null : { id: f.segment, label: f.segment_label },
    value: { value: f.value, low: f.interval?.low ?? null, high: f.interval?.high ?? null },
    unit: f.estimand.includes('parity_missing') ? 'share' : 'auc',
    money: null,
    ...plain,
    changed: i === 4 ? 'was grade C before' : null,
  })),
]
documents[`${base}/inbox`] = { items: inbox, total: inbox.length, page: 1, pageSize: 500, facets: {} }
for (const f of findings) documents[`${base}/findings/${f.id}`] = { ...camel(f), ...plain }
for (const a of actions) documents[`${base}/actions/${a.id}`] = { ...camel(a), ...plain }

const order = (estimand, method) => {
  const of = new Map(
    rows
      .filter(
        (r) =>
          r.estimand === estimand &&
          r.method === method &&
          r.split === 'explain' &&
          r.dimension === 'overall' &&
          r.feature,
      )
      .map((r) => [r.feature, r]),
  )
  return {
    of,
    sorted: features
      .filter((f) => of.has(f.name))
      .sort((a, b) => Math.abs(of.get(b.name).value) - Math.abs(of.get(a.name).value)),
  }
}
const cellsOf = (estimand, method, dimension) => {
  const { of, sorted } = order(estimand, method)
  const there = rows.filter(
    (r) =>
      r.estimand === estimand && r.method === method && r.dimension === dimension && r.split === 'explain',
  )
  const segments = [
    ...new Map(
      there.map((r) => [
        r.segment,
        {
          id: r.segment,
          label: r.segment_label || r.segment,
          rows: Number(r.rows),
          clusters: Number(r.clusters),
          status: r.status,
        },
      ]),
    ).values(),
  ]
  const at = new Map(there.map((r) => [r.feature + '\u0000' + r.segment, r]))
  const cells = sorted.map((f) =>
    segments.map((s) => {
      const n = num(at.get(f.name + '\u0000' + s.id))
      return n?.value == null ? null : n
    }),
  )
  return {
    segments,
    features: sorted.map(({ name, title, group }) => ({ name, title, group })),
    cells,
    overall: sorted.map((f) => num(of.get(f.name))),
  }
}
for (const e of estimands)
  for (const m of e.methods)
    for (const d of dims) {
      const doc = {
        estimand: e.id,
        title: e.title,
        unit: e.unit,
        method: m.id,
        dimension: d,
        split: 'explain',
        sentence: `${title(order(e.id, m.id).sorted[0].name)} comes first over all rows; what each feature is worth in each part of ${title(d).toLowerCase()} stands below.`,
        isDiverging: !e.isAbsolute,
        ...cellsOf(e.id, m.id, d),
        heterogeneity: null,
        contrasts: null,
      }
      documents[
        `${base}/heatmap?dimension=${encodeURIComponent(d)}&estimand=${e.id}&method=${m.id}&split=explain`
      ] = doc
      documents[`${base}/heatmap?dimension=${encodeURIComponent(d)}&estimand=${e.id}&method=${m.id}`] ??= doc
      documents[`${base}/heatmap?dimension=${encodeURIComponent(d)}`] ??= doc
      documents[`${base}/heatmap`] ??= doc
    }

const find = (estimand, feature, more = {}) =>
  rows.find(
    (r) =>
      r.estimand === estimand &&
      r.feature === feature &&
      Object.entries({ dimension: 'overall', split: 'explain', ...more }).every(([k, v]) => r[k] === v),
  )
for (const f of features) {
  documents[`${base}/features/${f.name}`] = {
    feature: f,
    sentence: findings.find((x) => x.feature === f.name)?.sentences.effect ?? '',
    importance: estimands.flatMap((e) =>
      e.methods.map((m) => ({
        estimand: e.id,
        title: e.title,
        method: m.label,
        unit: e.unit,
        explain: num(find(e.id, f.name, { method: m.id })) ?? null,
        holdout: num(find(e.id, f.name, { method: m.id, split: 'holdout' })) ?? null,
        replicated: find(e.id, f.name, { method: m.id })?.replicated ?? null,
        grade:
          findings.find((x) => x.feature === f.name && x.estimand === e.id && x.dimension === 'overall')
            ?.grade ?? null,
      })),
    ),
    coverage: {
      coverage: num(find('coverage', f.name)),
      missing: num(find('missing_share', f.name)),
      default: num(find('default_share', f.name)),
      opportunity: ['opportunity_auc'].flatMap((e) =>
        find(e, f.name) ? [{ estimand: e, value: num(find(e, f.name)) }] : [],
      ),
    },
    segments: rows
      .filter(
        (r) =>
          r.estimand.startsWith('contrast_permutation') &&
          r.feature === f.name &&
          r.split === 'explain' &&
          fine(r.value) !== null,
      )
      .sort((a, b) => a.p_adjusted - b.p_adjusted)
      .slice(0, 8)
      .map((r) => ({
        dimension: r.dimension,
        segment: r.segment,
        label: r.segment_label || r.segment,
        value: num(r),
      })),
    interactions: rows
      .filter(
        (r) =>
          r.estimand === 'association' && r.feature.includes('*') && r.feature.split('*').includes(f.name),
      )
      .slice(0, 6)
      .map((r) => ({
        other: refs([r.feature.split('*').find((n) => n !== f.name)])[0],
        value: num(r),
        kind: 'redundant',
      })),
    adjusted: ['popularity', 'price'].flatMap((c) => {
      const a = rows.find(
        (r) =>
          r.estimand === 'adjusted_permutation_auc' &&
          r.feature === f.name &&
          r.method.endsWith(`:${c}`) &&
          r.split === 'explain',
      )
      return a
        ? [
            {
              confounder: title(c),
              crude: num(find('permutation_auc', f.name)),
              adjusted: num(a),
              moved: num(
                rows.find(
                  (r) =>
                    r.estimand === 'moved_permutation_auc' &&
                    r.feature === f.name &&
                    r.method === a.method &&
                    r.split === 'explain',
                ),
              ),
            },
          ]
        : []
    }),
    time: rows
      .filter(
        (r) =>
          r.dimension === 'week' &&
          r.estimand === 'permutation_auc' &&
          r.feature === f.name &&
          r.split === 'explain',
      )
      .map((r) => ({ period: r.segment_label || r.segment, value: num(r) })),
    retraining: [
      ['loco_auc', 'AUC lost when refitted without it'],
      ['refit_permutation_auc', 'Mean over refits'],
    ].flatMap(([e, t]) => {
      const r = find(e, f.name)
      return r ? [{ estimand: e, title: t, value: num(r) }] : []
    }),
    findings: inbox.filter((i) => i.subject === 'finding' && i.features.some((x) => x.id === f.name)),
    actions: inbox.filter((i) => i.subject === 'action' && i.features.some((x) => x.id === f.name)),
    hypotheses: [],
    history: [0, 1, 2].map((k) => ({
      run: k === 2 ? id : `00000000000${k}`,
      created: `2026-${['03', '08', '11'][k]}-02T00:00:00Z`,
      modelVersion: String(5 + k),
      value: num(find('permutation_auc', f.name)),
    })),
    parity: {
      psi: num(find('parity_psi', f.name)) ?? null,
      missing: num(find('parity_missing', f.name)) ?? null,
      says: null,
    },
  }
}

// made up from here on
let state = 7
const random = () => (state = (state * 16807) % 2147483647) / 2147483647
const near = (value, width) => ({ value, low: value - width, high: value + width })
const importance = order('permutation_auc', 'permutation')
documents[`${base}/effects`] = {
  features: features.map((f) => ({ name: f.name, title: f.title, kinds: ['pdp', 'ale'] })),
}
features.forEach((f, i) => {
  const categorical = f.kind === 'categorical'
  const grid = Array.from({ length: categorical ? 8 : 20 }, (_, k) => ({
    at: categorical ? `v${k}` : k * 2.5,
    label: categorical ? `Value ${k + 1}` : String(k * 2.5),
  }))
  const curve = (phase) =>
    grid.map((_, k) => near(Math.sin((k + i + phase) / 4) * 0.4 + k * 0.01, 0.05 + 0.004 * k))
  documents[`${base}/effects/${f.name}`] = {
    feature: f.name,
    sentence: `The score rises with ${f.title.toLowerCase()} up to the middle of its range and falls after it.`,
    unit: 'logit',
    grid,
    density: grid.map((_, k) => Math.exp(-(((k - 7) / 5) ** 2)) / 9),
    pdp: curve(0),
    ale: curve(0.6),
    supported: grid.map((_, k) => k < 16),
    segments: [
      { label: 'New customers', ale: curve(2), pdp: curve(2) },
      { label: 'Regular customers', ale: curve(4), pdp: curve(4) },
    ],
    what: 'Averages over 4,096 rows.',
  }
  documents[`${base}/effects/${f.name}/ice`] = {
    grid: grid.map((g) => g.at),
    lines: Array.from({ length: 40 }, () => {
      const shift = random() - 0.5
      return grid.map(
        (_, k) => Math.sin((k + i) / 4) * (0.2 + random() * 0.05 + 0.4 * Math.abs(shift)) + shift,
      )
    }),
  }
})
const nodes = importance.sorted
  .slice(0, 24)
  .map((f) => ({ name: f.name, title: f.title, group: f.group, importance: num(importance.of.get(f.name)) }))
const edges = rows
  .filter((r) => r.estimand === 'association' && r.feature.includes('*'))
  .map((r) => {
    const [from, to] = r.feature.split('*')
    return {
      from,
      to,
      kind: 'redundant',
      strength: fine(r.value),
      low: fine(r.low),
      high: fine(r.high),
      says: `${title(from)} and ${title(to)} go together.`,
    }
  })
  .filter(
    (e) => e.strength != null && nodes.some((n) => n.name === e.from) && nodes.some((n) => n.name === e.to),
  )
if (edges.length < 5)
  for (let k = 0; k < 30; k++) {
    const a = nodes[Math.floor(random() * nodes.length)],
      b = nodes[Math.floor(random() * nodes.length)]
    if (a !== b) {
      const s = 0.1 + random() * 0.8
      edges.push({
        from: a.name,
        to: b.name,
        kind: k % 3 ? 'redundant' : 'interaction',
        strength: s,
        low: s - 0.05,
        high: s + 0.05,
        says: `${a.title} and ${b.title} ${k % 3 ? 'say much the same' : 'work together'}.`,
      })
    }
  }
documents[`${base}/graph`] = {
  sentence: `${edges.length} pairs of features say the same or work together.`,
  nodes,
  edges,
}
const items = Array.from({ length: 10 }, (_, k) => ({
  row: 100 + k,
  request: 'trip 5512',
  cluster: 'household 812',
  item: [
    'Bananas',
    'Semi-skimmed milk',
    'Rye bread',
    'Coffee',
    'Tomatoes',
    'Cheddar',
    'Eggs',
    'Pasta',
    'Yoghurt',
    'Olive oil',
  ][k],
  label: k % 5 === 0 ? 1 : 0,
  score: 2.1 - k * 0.3,
  labelText: k % 5 === 0 ? 'bought' : 'not bought',
}))
documents[`${base}/rows`] = { items, total: 43095, page: 1, pageSize: 50 }
for (const item of items) {
  const attributions = (tilt) =>
    importance.sorted.slice(0, 18).map((f, k) => ({
      feature: f.name,
      title: f.title,
      value: f.kind === 'categorical' ? `Value ${k}` : Math.round(random() * 90) / 10,
      attribution: ((random() - 0.4 + tilt) * 1.2) / (1 + k / 3),
    }))
  documents[`${base}/rows/${item.row}`] = {
    row: item.row,
    score: item.score,
    methods: [
      ['integrated-gradients', 'Integrated gradients', 0],
      ['shapley', 'Shapley values', 0.03],
    ].map(([mid, t, tilt]) => {
      const a = attributions(tilt)
      return {
        id: mid,
        title: t,
        baselineScore: item.score - a.reduce((s, x) => s + x.attribution, 0),
        gap: 1e-6,
        attributions: a,
      }
    }),
    candidates: items,
  }
}
documents['what-if'] = {
  before: 1.2,
  after: 1.6,
  attributions: documents[`${base}/rows/100`].methods[0].attributions,
}
const stage = dimensions.find((d) => d.kind === 'journey')?.name ?? dims[0] ?? 'stage'
const journey = cellsOf('permutation_auc', 'permutation', stage)
documents[`${base}/journey`] = {
  sentence: 'New customers are ranked by what is popular, frequent ones by what they bought before.',
  stages: journey.segments,
  features: journey.features,
  cells: journey.cells,
  history: ['none', '1–3', '4–10', '11–30', '31+'].map((bucket, k) => ({
    bucket,
    share: near(0.1 + 0.12 * k, 0.03),
  })),
  unit: 'auc',
  dimension: { id: stage, label: title(stage) },
  dimensions: [{ id: stage, label: title(stage) }],
  cohorts: journey.segments.flatMap((segment, k) =>
    ['low price', 'high price'].map((other, o) => ({
      label: `${segment.label}, ${other}`,
      values: journey.cells.map((row) => {
        const one = row[k]
        return one?.value == null
          ? null
          : { value: one.value * (0.8 + o / 2), low: one.low * (0.8 + o / 2), high: one.high * (0.8 + o / 2) }
      }),
    })),
  ),
}
const flowGroups = ['user', 'item', 'context', 'history']
documents[`${base}/layers`] = {
  sentence: 'What the users are enters early; by the second dense layer history makes half of the score.',
  flow: ['Features joined', 'Dense 1: 253 → 128', 'Dense 2: 128 → 64', 'Head'].map((t, k) => ({
    layer: `layer${k}`,
    title: t,
    groups: flowGroups.map((group, g) => ({
      group,
      share: near(
        [
          [0.35, 0.3, 0.15, 0.2],
          [0.3, 0.28, 0.12, 0.3],
          [0.22, 0.26, 0.1, 0.42],
          [0.2, 0.25, 0.08, 0.47],
        ][k][g],
        0.02,
      ),
    })),
  })),
  probes: ['Features joined', 'Dense 1: 253 → 128', 'Dense 2: 128 → 64'].flatMap((layer, k) =>
    ['label', 'price', 'recency'].map((target) => ({
      layer,
      target,
      score: near(0.5 + 0.1 * k * random() + 0.05, 0.02),
      control: near(0.5, 0.01),
    })),
  ),
  diagnoses: [
    {
      layer: 'Dense 2: 128 → 64',
      says: 'Its 64 units vary along 1.4 directions only: a bottleneck.',
      severity: 'warning',
    },
    { layer: 'Dense 1: 253 → 128', says: 'All units work.', severity: 'good' },
  ],
}
documents[`${base}/trust`] = {
  sentence: 'The methods agree on what comes first; the order further down depends on the method.',
  agreement: rows
    .filter((r) => r.estimand === 'agreement_rank' && r.split === 'explain' && r.dimension === 'overall')
    .map((r) => ({
      a: r.method.split('~')[0],
      b: r.method.split('~')[1],
      rank: num(r),
      top: num(
        rows.find(
          (x) =>
            x.estimand === 'agreement_top' &&
            x.method === r.method &&
            x.split === 'explain' &&
            x.dimension === 'overall',
        ),
      ),
    })),
  faithfulness: ['Integrated gradients', 'Gradient × input', 'Random order'].map((t, k) => ({
    method: t,
    title: t,
    metric: 'deletion AUC',
    value: near(0.21 - 0.08 * k, 0.01),
    floor: 0.05,
  })),
  sanity: [
    { name: 'Random weights', passed: true, says: 'Attributions change when weights are drawn at random.' },
    {
      name: 'Shuffled labels',
      passed: false,
      says: 'Home ownership keeps its place when labels are shuffled.',
    },
  ],
  stability: rows
    .filter(
      (r) =>
        r.estimand.startsWith('stability_') &&
        r.dimension === 'overall' &&
        r.split === 'explain' &&
        !r.feature,
    )
    .slice(0, 6)
    .map((r) => ({ name: title(r.estimand), value: num(r) })),
  floors: run.verdict.floors.slice(0, 8).map((f) => ({
    name: f.floor,
    split: f.split,
    value: { value: f.advantage, low: f.low, high: f.high },
    passed: f.beaten,
  })),
  completeness: run.completeness_gaps.map(camel),
  parity: { says: card.parity ?? '', drifted: refs(run.chain?.parity?.drifted ?? []) },
  card: readFileSync(join(folder, 'card.md'), 'utf8'),
  staleWhen: card.stale_when,
  reviewers: card.reviewers,
}
const log = inbox
  .filter((i) => i.decision)
  .map((i) => ({
    at: i.decision.at,
    by: i.decision.by,
    subject: `${i.subject}:${id}:${i.id}`,
    title: i.title,
    decision: i.decision.decision,
    reason: i.decision.reason,
  }))
documents[`${base}/leadership`] = {
  title: summary.name,
  period: '2 October to 12 November 2017',
  headline: summary.headline,
  learnt: inbox
    .filter((i) => i.subject === 'finding' && i.grade <= 'B')
    .slice(0, 5)
    .map((i) => ({ says: i.title, grade: i.grade, value: i.value, unit: i.unit, link: i.id })),
  decided: log,
  gained: inbox
    .filter((i) => i.money)
    .slice(0, 4)
    .map((i) => ({ says: i.title, money: i.money, value: i.value, unit: i.unit })),
  open: inbox
    .filter((i) => i.subject === 'action' && i.status === 'open')
    .slice(0, 4)
    .map((i) => ({ says: i.title, grade: i.grade, value: i.value, unit: i.unit, link: i.id })),
  decisionLog: log,
  comparison: {
    previousRun: 'ffffffffffff',
    previousName: 'grocery, DeepFM, spring',
    differences: features.slice(0, 5).map((f) => ({
      title: f.title,
      before: near(0.01, 0.003),
      after: near(0.012, 0.003),
      difference: near(0.002, 0.004),
      says: `${f.title} matters about as much as before.`,
    })),
  },
}
Object.assign(documents, effects(folder, base) ?? {})
documents[`${base}/layers`] = layers(folder) ?? documents[`${base}/layers`]
mkdirSync(join(import.meta.dirname, 'data'), { recursive: true })
writeFileSync(join(import.meta.dirname, 'data/documents.json'), JSON.stringify(documents))
console.log(Object.keys(documents).length, 'documents,', dims)
