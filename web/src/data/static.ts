import { key, type Query } from './key'
import { Problem } from './problem'
import type { Facets, Inbox, InboxItem } from './types'

export type Documents = Record<string, unknown>

/** The store of a report: gzip in base64 of { "PATH?QUERY": document }. */
export async function unpack(base64: string): Promise<Documents> {
  const bytes = Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(stream).json()) as Documents
}

/** A document of the store: as asked, or with the filters of a list applied here, as there is no server. */
export function answer<T>(documents: Documents, path: string, query: Query): T {
  const exact = resolve(documents, key(path, query))
  if (exact !== undefined) return exact as T
  if (path.endsWith('/inbox')) return filtered(documents, path, query) as T
  const near = nearest(documents, path, query)
  if (near !== undefined) return near as T
  throw new Problem(
    404,
    'This is not in the report',
    'The report holds the usual choices only. Start `assay serve` in the folder of the run to see this one.',
  )
}

// One document may answer several questions: the others then hold its name.
const resolve = (documents: Documents, name: string): unknown => {
  const document = documents[name]
  return typeof document === 'string' ? documents[document] : document
}

// Documents name the choices they were made for: what is asked must fit, what is left open is as in the plain document.
function nearest(documents: Documents, path: string, query: Query): unknown {
  const plain = resolve(documents, path) as Record<string, unknown> | undefined
  if (plain !== undefined && path.endsWith('/graph')) return plain
  const fits = Object.entries(documents)
    .filter(([name]) => name === path || name.startsWith(`${path}?`))
    .map(([, document]) => document as Record<string, unknown>)
    .filter((own) => typeof own === 'object')
    .filter((own) => Object.entries(query).every(([name, value]) => !value || own[name] === value))
  const open = ['estimand', 'method', 'dimension', 'split'].filter((name) => !query[name])
  const likeness = (own: Record<string, unknown>): number =>
    open.filter((name) => own[name] === plain?.[name]).length
  return fits.sort((a, b) => likeness(b) - likeness(a))[0]
}

function filtered(documents: Documents, path: string, query: Query): Inbox {
  const pages = Object.entries(documents)
    .filter(([name]) => name === path || name.startsWith(`${path}?`))
    .map(([, document]) => document as Inbox)
  if (!pages.length) throw new Problem(404, 'This is not in the report', 'It was made without the inbox.')
  const seen = new Map<string, InboxItem>()
  for (const item of pages.flatMap((page) => page.items)) seen.set(`${item.subject}:${item.id}`, item)
  return page([...seen.values()], query)
}

/** One page of the items a query lets through. */
export function page(all: InboxItem[], query: Query): Inbox {
  const q = String(query['q'] ?? '').toLowerCase()
  const kept = all.filter(
    (item) =>
      (!query['grade'] || item.grade === query['grade']) &&
      (!query['kind'] || item.kind === query['kind'] || item.subject === query['kind']) &&
      (!query['status'] || item.status === query['status']) &&
      (!query['assignee'] || item.assignee === query['assignee']) &&
      (!query['feature'] || item.features.some((feature) => feature.id === query['feature'])) &&
      (!q || `${item.title} ${item.whatToDo} ${item.forWhom}`.toLowerCase().includes(q)),
  )
  const size = Number(query['pageSize'] ?? 50)
  const number = Number(query['page'] ?? 1)
  return {
    items: kept.slice((number - 1) * size, number * size),
    total: kept.length,
    page: number,
    pageSize: size,
    facets: facets(all),
  }
}

function facets(items: InboxItem[]): Facets {
  const count = (pick: (item: InboxItem) => string): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const item of items) counts[pick(item)] = (counts[pick(item)] ?? 0) + 1
    return counts
  }
  return { grade: count((i) => i.grade), kind: count((i) => i.kind), status: count((i) => i.status) }
}
