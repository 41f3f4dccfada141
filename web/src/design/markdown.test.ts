import { expect, it } from 'vitest'
import { blocks, inline } from './markdown'

it('reads headings, paragraphs, lists and tables', () => {
  const found = blocks('# A\n\none\ntwo\n- x\n- `y`\n\n| a | b |\n| --- | --- |\n| 1 | **2** |\n\n1. z\n')
  expect(found.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'list'])
  expect(found[3]).toMatchObject({ rows: [[[{ text: '1' }], [{ kind: 'strong', text: '2' }]]] })
})

it('leaves markup of HTML as text and links to the web only', () => {
  expect(inline('<img src=x onerror=alert(1)>')).toEqual([
    { kind: 'text', text: '<img src=x onerror=alert(1)>' },
  ])
  expect(inline('[x](javascript:alert(1))')[0]?.kind).toBe('text')
  expect(inline('[x](https://example.org/a)')).toEqual([
    { kind: 'link', text: 'x', href: 'https://example.org/a' },
  ])
})

it('leaves names with underscores alone', () => {
  expect(inline('home_ownership and user_id')).toEqual([{ kind: 'text', text: 'home_ownership and user_id' }])
})

it('always ends, whatever it reads', () => {
  for (const text of ['|', '```', '- ', '| a |\n| b |', '#', '\n\n', '*', '1. '])
    expect(() => blocks(text)).not.toThrow()
})
