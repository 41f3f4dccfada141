// node dev/shots.mjs URL OUT [VIEW…]: pictures of the views in light, dark and on a phone; says what the console complained of
// and what axe finds serious. CHROMIUM names the browser, /usr/bin/chromium by default.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [base = 'http://localhost:5173/', out = 'shots', ...only] = process.argv.slice(2)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(out, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const kinds = {
  light: { viewport: { width: 1360, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1360, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 1.5 },
}
let views = only
for (const [kind, options] of Object.entries(kinds)) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const shown = []
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && shown.push(m.text()))
  page.on('pageerror', (e) => shown.push(String(e)))
  await page.goto(base)
  await page.waitForSelector('nav[aria-label="Views"]')
  const root = new URL(page.url())
  const at = root.hash ? root.hash.replace(/^#/, '') : root.pathname
  const run = at.split('/')[2]
  if (!views.length)
    views = await page.$$eval('nav[aria-label="Views"] a', (links) =>
      links.map((a) => a.getAttribute('href').split('/')[3]),
    )
  for (const view of views) {
    const [name, rest = ''] = view.split(/(?=[/?])(.*)/s)
    const target = `/runs/${run}/${name}${rest}`
    await page.goto(root.hash ? `${base.split('#')[0]}#${target}` : new URL(target, base).href)
    await page.waitForLoadState('networkidle')
    await page
      .waitForFunction(() => !document.querySelector('[role=status][aria-label=Loading]'), null, {
        timeout: 10000,
      })
      .catch(() => shown.push('still loading'))
    await page.waitForTimeout(150)
    await page.screenshot({
      path: join(out, `${view.replaceAll(/[^a-z0-9]+/gi, '-')}.${kind}.png`),
      fullPage: true,
    })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) shown.push(`page is ${wide} px too wide`)
    await page.evaluate(axe)
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    for (const v of found.violations)
      if (['serious', 'critical'].includes(v.impact))
        shown.push(`axe ${v.id}: ${v.nodes.length}× ${v.nodes[0].target} ${v.nodes[0].any[0]?.message ?? ''}`)
    for (const line of shown.splice(0)) console.log(`${view} (${kind}): ${line}`)
  }
  await context.close()
}
await browser.close()
