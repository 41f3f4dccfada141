// The part of Markdown that cards are written in: headings, paragraphs, lists, tables, code, emphasis and web links.
// It yields values, not HTML; Markdown.svelte draws them, so that no text of a card is ever read as markup.

export type Inline =
  { kind: 'text' | 'code' | 'strong' | 'em'; text: string } | { kind: 'link'; text: string; href: string }
export type Block =
  | { kind: 'heading'; level: number; content: Inline[] }
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'code'; text: string }

const bullet = /^\s*[-*+]\s+/
const ordered = /^\s*\d+[.)]\s+/

export function blocks(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r', '').split('\n')
  const found: Block[] = []
  let at = 0
  const line = (): string => lines[at] ?? ''
  const take = (isMore: (text: string) => boolean): string[] => {
    const from = at
    while (at < lines.length && isMore(line())) at++
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line())
    if (!line().trim()) at++
    else if (heading) {
      found.push({ kind: 'heading', level: heading[1]?.length ?? 1, content: inline(heading[2] ?? '') })
      at++
    } else if (line().startsWith('```')) {
      at++
      const text = take((one) => !one.startsWith('```')).join('\n')
      at++
      found.push({ kind: 'code', text })
    } else if (line().startsWith('|') && /^\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? '')) {
      const rows = take((one) => one.startsWith('|')).map(cells)
      found.push({ kind: 'table', head: rows[0] ?? [], rows: rows.slice(2) })
    } else if (bullet.test(line()) || ordered.test(line())) {
      const mark = bullet.test(line()) ? bullet : ordered
      found.push({
        kind: 'list',
        isOrdered: mark === ordered,
        items: take((one) => mark.test(one)).map((one) => inline(one.replace(mark, ''))),
      })
    } else {
      const isPlain = (one: string): boolean => one.trim() !== '' && !/^(#{1,6}\s|```|\|)/.test(one)
      const first = line()
      at++
      found.push({
        kind: 'paragraph',
        content: inline([first, ...take((one) => isPlain(one) && !bullet.test(one))].join(' ')),
      })
    }
  }
  return found
}

const cells = (row: string): Inline[][] =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim().replaceAll('\\|', '|')))

export function inline(text: string): Inline[] {
  const found: Inline[] = []
  const pattern =
    /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])[*_]([^*_\s][^*_]*)[*_](?!\w)|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g
  let from = 0
  for (const hit of text.matchAll(pattern)) {
    if (hit.index > from) found.push({ kind: 'text', text: text.slice(from, hit.index) })
    if (hit[1] !== undefined) found.push({ kind: 'code', text: hit[1] })
    else if (hit[2] !== undefined) found.push({ kind: 'strong', text: hit[2] })
    else if (hit[3] !== undefined) found.push({ kind: 'em', text: hit[3] })
    else found.push({ kind: 'link', text: hit[4] ?? '', href: hit[5] ?? '' })
    from = hit.index + hit[0].length
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) })
  return found
}
