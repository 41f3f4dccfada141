// Effects and layers of a run that has them, in the API's shapes.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const read = (folder, name) =>
  existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : null
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** Documents of effects.json; null where the run has none. */
export function effects(folder, base) {
  const file = read(folder, 'effects.json')
  if (!file || file.reason) return null
  const nums = (curve) =>
    curve && curve.values.map((value, i) => ({ value, low: curve.low[i], high: curve.high[i] }))
  const documents = {
    [`${base}/effects`]: {
      features: file.features.map((f) => ({
        name: f.name,
        title: upper(f.display_name),
        kinds: ['pdp', 'ale'].filter((kind) => f[kind]),
      })),
    },
  }
  for (const f of file.features) {
    const best = f.ale ?? f.pdp
    const highest = best.values.indexOf(Math.max(...best.values))
    const lowest = best.values.indexOf(Math.min(...best.values))
    documents[`${base}/effects/${f.name}`] = {
      feature: f.name,
      sentence: `The score is highest at ${f.grid[highest].label} and lowest at ${f.grid[lowest].label}.`,
      unit: file.unit,
      grid: f.grid,
      density: f.density,
      pdp: nums(f.pdp),
      ale: nums(f.ale),
      supported: f.supported,
      enoughRows: f.enough_rows,
      isNumeric: f.is_numeric,
      dimension: upper(file.dimension ?? ''),
      segments: f.segments.map((s) => ({
        label: upper(s.label),
        pdp: nums(s.pdp),
        ale: nums(s.ale),
        supported: s.supported,
        enoughRows: s.enough_rows,
      })),
    }
    if (f.is_numeric && f.pdp)
      documents[`${base}/effects/${f.name}/ice`] = {
        grid: f.grid.map((point) => point.at),
        lines: Array.from({ length: 50 }, (_, k) =>
          f.pdp.values.map(
            (value, i) =>
              f.pdp.mean + value * (0.4 + (k % 7) / 5) + Math.sin(k * 2.4) * 0.4 + (i * (k % 3)) / 90,
          ),
        ),
      }
  }
  return documents
}

/** The document of layers.json; null where the run has none. */
export function layers(folder) {
  const file = read(folder, 'layers.json')
  if (!file || file.reason) return null
  const alone = (value) => ({ value, low: null, high: null })
  return {
    sentence: `${upper(file.layers.toSorted((a, b) => b.through_all - a.through_all)[0].title)} carries most of the score.`,
    flow: file.layers.map((layer) => ({
      layer: layer.value,
      title: upper(layer.title),
      groups: layer.through.map((one) => ({ group: one.group, share: alone(one.share) })),
    })),
    probes: file.layers.flatMap((layer, k) => [
      {
        layer: upper(layer.title),
        target: 'The label',
        score: layer.label_auc,
        control: alone(layer.control_auc),
      },
      ...file.features.map((f) => ({
        layer: upper(layer.title),
        target: upper(f.display_name),
        score: alone(f.known[k]),
        control: alone(f.control[k]),
      })),
    ]),
    diagnoses: file.diagnoses.map((one) => ({
      layer: one.display_name,
      says: one.text,
      severity: one.severity,
    })),
  }
}
