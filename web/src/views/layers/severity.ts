import type { Layers } from '../../data/types'

export type Severity = { id: 'bad' | 'warning' | 'note' | 'good'; label: string; mark: string }

const known: Severity[] = [
  { id: 'bad', label: 'Defect', mark: 'M7 2h6l5 5v6l-5 5H7l-5-5V7zM10 6v5m0 2.8v.4' },
  { id: 'warning', label: 'Warning', mark: 'M10 2.5 18.5 17h-17zM10 8v4m0 2.3v.4' },
  { id: 'note', label: 'Note', mark: 'M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 7v5m0-8v.4' },
  { id: 'good', label: 'In order', mark: 'M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 10.5 9 13l4.5-5.5' },
]

/** How bad a diagnosis is, whatever word the study has for it. */
export function severity(word: string): Severity {
  const id = /error|bad|serious|critical|defect/i.test(word)
    ? 'bad'
    : /warn/i.test(word)
      ? 'warning'
      : /good|ok|fine/i.test(word)
        ? 'good'
        : 'note'
  return known.find((one) => one.id === id) as Severity
}

export const sorted = (all: Layers['diagnoses']): Layers['diagnoses'] =>
  all.toSorted((a, b) => known.indexOf(severity(a.severity)) - known.indexOf(severity(b.severity)))

/** A diagnosis with features by their display names and true minus signs. */
export const named = (says: string, title: (feature: string) => string): string =>
  says
    .replaceAll(/'([\w.-]+)'/g, (_, name: string) => title(name))
    .replaceAll(/(^|[\s(+±])-(?=\d)/g, '$1\u2212')
