import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

type Comment = { id: string; by: string; at: string; text: string; mentions: string[] }
type Page = (items: unknown[], query: Record<string, string>) => unknown

const data = join(import.meta.dirname, 'data/documents.json')

/** Development only: answers the API from dev/data/documents.json (made by dev/fixtures.mjs); writes live as long as the server. */
export function fixtures(): Plugin {
  const comments: Record<string, Comment[]> = {}
  return {
    name: 'assay-fixtures',
    apply: 'serve',
    async configureServer(server) {
      if (!existsSync(data)) return
      const { page } = (await server.ssrLoadModule('/src/data/static.ts')) as { page: Page }
      const documents = JSON.parse(readFileSync(data, 'utf8')) as Record<string, unknown>
      server.middlewares.use('/api/v1', (request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://x')
        const query = Object.fromEntries(url.searchParams)
        const send = (status: number, body: unknown): void => {
          response.statusCode = status
          response.setHeader('Content-Type', status < 400 ? 'application/json' : 'application/problem+json')
          response.end(JSON.stringify(body))
        }
        let text = ''
        request.on('data', (chunk: Buffer) => (text += chunk.toString()))
        request.on('end', () => {
          const body = (text ? JSON.parse(text) : {}) as Record<string, string>
          if (url.pathname === '/comments' && request.method === 'GET')
            return send(200, comments[query['subject'] ?? ''] ?? [])
          if (request.method === 'POST' && url.pathname === '/comments') {
            const comment = {
              id: String(Object.values(comments).flat().length + 1),
              by: 'Ada Ek',
              at: new Date().toISOString(),
              text: body['text'] ?? '',
              mentions: [],
            }
            ;(comments[body['subject'] ?? ''] ??= []).push(comment)
            return send(201, comment)
          }
          if (request.method === 'POST' && url.pathname.endsWith('/what-if'))
            return send(200, documents['what-if'])
          if (request.method !== 'GET') return send(200, {})
          const plain = documents[decodeURIComponent(url.pathname)]
          if (url.pathname.endsWith('/inbox') && plain)
            return send(200, page((plain as { items: unknown[] }).items, query))
          const exact =
            documents[`${url.pathname}${url.search}`] ??
            documents[decodeURIComponent(url.pathname + url.search)] ??
            plain
          if (exact === undefined)
            return send(404, { title: 'There is no such thing', detail: `No fixture for ${url.pathname}.` })
          send(200, exact)
        })
        if (!request.readable) next()
      })
    },
  }
}
