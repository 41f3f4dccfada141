import { key, type Query } from './key'
import { Problem } from './problem'
import { answer, unpack, type Documents } from './static'

const base = '/api/v1'

/** Set by GET /me; sent with every write. */
let csrf: string | null = null
export const setCsrf = (token: string | null): void => void (csrf = token)

const packed = typeof document === 'undefined' ? null : document.getElementById('assay-data')
let documents: Promise<Documents> | null = null

/** Whether this page is a report: one file, no server, nothing to edit. */
export const isStatic = packed !== null

/** GET a document of the API, or of the report's own store. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  if (packed) return answer<T>(await (documents ??= unpack(packed.textContent ?? '')), path, query)
  return request<T>('GET', key(path, query), undefined, signal)
}

export const post = <T>(path: string, body: unknown): Promise<T> => request<T>('POST', path, body)
export const patch = <T>(path: string, body: unknown): Promise<T> => request<T>('PATCH', path, body)

/** Ends the session; the page is then loaded again and asks to sign in. */
export async function signOut(): Promise<void> {
  await fetch('/signout', {
    method: 'POST',
    credentials: 'same-origin',
    headers: csrf ? { 'X-CSRF': csrf } : {},
  })
  location.assign('/')
}

async function request<T>(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET' && csrf) headers['X-CSRF'] = csrf
  if (body !== undefined && !(body instanceof FormData)) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(base + url, {
      method,
      headers,
      credentials: 'same-origin',
      // the browser asks again with If-None-Match and takes its copy on 304
      cache: method === 'GET' ? 'no-cache' : 'no-store',
      body: body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body),
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw Problem.of(error)
  }
  if (!response.ok) throw await Problem.from(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}
