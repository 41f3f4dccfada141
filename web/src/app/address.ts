import type { Query } from '../data/key'
import { isStatic } from '../data/source'

export type Place = { path: string; query: URLSearchParams }

/** Where an address leads: the path of the page, or what stands behind # in a report. */
export function parse(address: { pathname: string; search: string; hash: string }, byHash: boolean): Place {
  const [path = '/', search = ''] = byHash
    ? address.hash.replace(/^#/, '').split('?', 2)
    : [address.pathname, address.search.replace(/^\?/, '')]
  return { path: path || '/', query: new URLSearchParams(search) }
}

/** The address of a place, filters kept in sorted order and empty ones left out. */
export function href(path: string, query: Query = {}, byHash = isStatic): string {
  const search = new URLSearchParams()
  for (const name of Object.keys(query).sort()) {
    const value = query[name]
    if (value !== undefined && value !== null && value !== '' && value !== false)
      search.set(name, String(value))
  }
  const text = search.toString()
  return (byHash ? '#' : '') + path + (text ? `?${text}` : '')
}
