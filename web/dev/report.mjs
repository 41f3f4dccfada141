// node dev/report.mjs OUT: a report.html of the fixtures, as `assay report` makes it of a run; to look at without a server.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const documents = JSON.parse(readFileSync(join(import.meta.dirname, 'data/documents.json'), 'utf8'))
for (const name of Object.keys(documents))
  if (/\/rows|\/ice|what-if|^\/me|^\/users/.test(name)) delete documents[name]
const page = readFileSync(join(import.meta.dirname, '../dist/index.html'), 'utf8')
const data = gzipSync(JSON.stringify(documents)).toString('base64')
const tag = `<script type="application/octet-stream+base64" id="assay-data">${data}</script>`
writeFileSync(
  process.argv[2] ?? 'report.html',
  page.replace('</head>', () => `${tag}</head>`),
)
