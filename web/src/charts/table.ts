import type { Num } from '../data/types'
import { amount, interval } from '../design/format'

export type Cell = string | number | null | Num
export type Column = { label: string; unit?: string; numeric?: boolean }
/** What a chart shows, as a table: the first column heads its rows. */
export type Table = { columns: Column[]; rows: Cell[][] }

const isNum = (cell: Cell): cell is Num => typeof cell === 'object' && cell !== null

export function text(cell: Cell, column: Column | undefined): string {
  if (isNum(cell)) return interval(cell, column?.unit)
  if (typeof cell === 'number') return amount(cell, column?.unit)
  return cell ?? '\u2014'
}

export const isFigures = (table: Table, column: number): boolean =>
  table.columns[column]?.numeric ??
  table.rows.some((row) => typeof row[column] === 'number' || isNum(row[column] ?? null))

/** RFC 4180; an interval becomes three columns; a leading sign of a formula is disarmed. */
export function csv(table: Table): string {
  const wide = table.columns.map((_, k) => table.rows.some((row) => isNum(row[k] ?? null)))
  const head = table.columns.flatMap((column, k) =>
    wide[k] ? [column.label, `${column.label} low`, `${column.label} high`] : [column.label],
  )
  const body = table.rows.map((row) =>
    row.flatMap((cell, k) => {
      if (!wide[k]) return [cell as string | number | null]
      return isNum(cell) ? [cell.value, cell.low, cell.high] : [cell, null, null]
    }),
  )
  return [head, ...body].map((row) => row.map(escape).join(',')).join('\r\n') + '\r\n'
}

function escape(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
