export type Query = Record<string, string | number | boolean | null | undefined>

/** Path and query in one spelling: keys sorted, empty ones left out. It is also a document's name in report.html. */
export function key(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .sort()
  return pairs.length ? `${path}?${pairs.join('&')}` : path
}

/** A path of parts; ids may hold slashes, which stay. */
export function path(...parts: string[]): string {
  return parts.map((part) => '/' + part.split('/').map(encodeURIComponent).join('/')).join('')
}
