import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { href, parse } from '../app/address'
import { key, path } from './key'
import { Problem } from './problem'
import { answer, page, unpack } from './static'
import type { InboxItem } from './types'

it('spells a document in one way', () => {
  expect(key('/runs/x/heatmap', { method: 'a b', dimension: 'é', none: '', nil: null })).toBe(
    '/runs/x/heatmap?dimension=%C3%A9&method=a%20b',
  )
  expect(path('runs', 'x', 'a/b=c d')).toBe('/runs/x/a/b%3Dc%20d')
})

it('unpacks the store of a report', async () => {
  const packed = gzipSync(JSON.stringify({ '/runs': { total: 1 } })).toString('base64')
  expect(await unpack(packed)).toEqual({ '/runs': { total: 1 } })
})

const item = (id: string, more: Partial<InboxItem> = {}): InboxItem => ({
  subject: 'finding',
  id,
  title: `Title ${id}`,
  howSure: '',
  forWhom: '',
  whatCouldBeWrong: '',
  whatToDo: '',
  grade: 'B',
  kind: 'feature_matters',
  features: [{ id: 'price', label: 'Price' }],
  segment: null,
  value: null,
  unit: '',
  money: null,
  isNew: false,
  changed: null,
  status: 'open',
  assignee: null,
  snoozedUntil: null,
  comments: 0,
  decision: null,
  ...more,
})

it('filters a list of a report without a server', () => {
  const documents = {
    '/runs/x/inbox': { items: [item('1'), item('2', { grade: 'C' })], total: 3 },
    '/runs/x/inbox?page=2': { items: [item('3', { grade: 'C', kind: 'drifted' })], total: 3 },
  }
  const found = answer<{ items: InboxItem[]; total: number }>(documents, '/runs/x/inbox', { grade: 'C' })
  expect(found.items.map((one) => one.id)).toEqual(['2', '3'])
  expect(page([item('1')], { q: 'nothing' }).items).toEqual([])
})

it('answers for its own defaults and says what is not in the report', () => {
  const documents = {
    '/runs/x/heatmap': { dimension: 'life', method: 'a' },
    '/runs/x/heatmap?dimension=life&method=b': { dimension: 'life', method: 'b' },
    '/runs/x/heatmap?method=b': '/runs/x/heatmap?dimension=life&method=b',
    '/runs/x/heatmap?dimension=price': { dimension: 'price', method: 'a' },
  }
  expect(answer(documents, '/runs/x/heatmap', { dimension: 'life', method: 'b' })).toMatchObject({
    method: 'b',
  })
  expect(answer(documents, '/runs/x/heatmap', { method: 'a', dimension: 'price' })).toMatchObject({
    dimension: 'price',
  })
  expect(answer(documents, '/runs/x/heatmap', { dimension: 'life' })).toEqual({
    dimension: 'life',
    method: 'a',
  })
  expect(answer(documents, '/runs/x/heatmap', { method: 'b' })).toMatchObject({ dimension: 'life' })
  expect(() => answer(documents, '/runs/x/heatmap', { dimension: 'other' })).toThrow(Problem)
})

it('keeps filters in addresses, by path and by hash', () => {
  expect(href('/runs/x/inbox', { grade: 'B', q: '', kind: null }, false)).toBe('/runs/x/inbox?grade=B')
  expect(href('/runs/x/inbox', { b: 1, a: 2 }, true)).toBe('#/runs/x/inbox?a=2&b=1')
  const place = parse({ pathname: '/f.html', search: '', hash: '#/runs/x?grade=A' }, true)
  expect([place.path, place.query.get('grade')]).toEqual(['/runs/x', 'A'])
})

it('reads problem details', async () => {
  const response = new Response(JSON.stringify({ title: 'No', detail: 'Because.' }), { status: 403 })
  expect(await Problem.from(response)).toMatchObject({ status: 403, title: 'No', detail: 'Because.' })
})
