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
  const exact = documents[key(path, query)] ?? documents[`/api/v1${key(path, query)}`]
  if (exact !== undefined) return exact as T
  if (path.endsWith('/inbox')) return filtered(documents, path, query) as T
  const plain = documents[path]
  if (plain !== undefined && narrowed(path, query, plain)) return plain as T
  throw new Problem(
    404,
    'This is not in the report',
    'The report holds the usual choices only. Start `assay serve` in the folder of the run to see this one.',
  )
}

// The plain document answers for choices that are its own defaults.
function narrowed(path: string, query: Query, document: unknown): boolean {
  if (path.endsWith('/graph')) return true
  const own = document as Record<string, unknown>
  return Object.entries(query).every(([name, value]) => !value || own[name] === value)
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
