import { expect, it } from 'vitest'
import { csv, text } from './table'

const table = {
  columns: [{ label: 'Feature' }, { label: 'Loss', unit: 'auc' }],
  rows: [
    ['Price, "net"', { value: 0.03, low: 0.02, high: 0.04 }],
    ['=cmd()', null],
  ],
}

it('writes intervals as columns, quotes what needs it and disarms formulas', () =>
  expect(csv(table)).toBe(
    'Feature,Loss,Loss low,Loss high\r\n"Price, ""net""",0.03,0.02,0.04\r\n\'=cmd(),,,\r\n',
  ))

it('shows cells as people read them', () => {
  expect(text({ value: 0.03, low: 0.02, high: 0.04 }, table.columns[1])).toBe('0.030 (0.020–0.040)')
  expect(text(null, table.columns[0])).toBe('—')
})
