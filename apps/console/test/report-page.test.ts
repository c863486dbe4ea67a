/** The one-page report in a browser: hostile ids stay text, and the page's own program works under its own policy. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { pathToFileURL } from 'node:url'
import { layoutNetwork, reportPage } from '@firebreak/drawing'
import type { Browser } from 'playwright-core'
import { checkAccessible, launch, openPage, picture, withoutBrowser } from './browser.ts'
import { sampleNetwork } from './sample-network.ts'

const options = { skip: withoutBrowser }
const HOSTILE = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`
const dir = mkdtempSync(join(tmpdir(), 'firebreak-report-'))
let browser: Browser

before(async () => {
  if (!withoutBrowser) browser = await launch()
})
after(async () => {
  await browser?.close()
  rmSync(dir, { recursive: true, force: true })
})

function report(): string {
  const sample = sampleNetwork(60)
  const nodes = [...sample.nodes, { id: HOSTILE, role: 'hub' as const, member: true, seed: false, probability: 0.99 }]
  const edges = [
    ...sample.edges,
    { source: HOSTILE, target: sample.nodes[0]!.id, relation: HOSTILE, weight: 1, directed: true },
  ]
  const first = { ...sample.accounts[0]!, account: HOSTILE, sentence: HOSTILE }
  return reportPage({
    map: {
      isNetwork: true,
      networkProbability: 0.98,
      reason: HOSTILE,
      seeds: sample.seeds,
      accounts: [first, ...sample.accounts],
      audienceCount: 12,
      cut: { threshold: 0.5, size: 60 },
    },
    drawing: layoutNetwork({ nodes, edges }),
    title: 'Paper lantern',
    pseudonymous: true,
    watermark: HOSTILE,
  })
}

test('the page searches, filters and lights up a row’s node, and no id becomes code', options, async () => {
  const file = join(dir, 'network.html')
  writeFileSync(file, report())
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults } = await openPage(
      await browser.newContext({ colorScheme, viewport: { width: 1200, height: 900 } }),
    )
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    assert.equal(await page.title(), 'Paper lantern')
    const all = await page.locator('#ranked tr:not([hidden])').count()
    await page.getByRole('button', { name: 'acct-' }).nth(5).click()
    assert.equal(await page.locator('svg .node.chosen').count(), 1)
    assert.notEqual(await page.locator('#selected').textContent(), '')
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').fill('<script>')
    assert.equal(await page.locator('#ranked tr:not([hidden])').count(), 1)
    await page.getByRole('searchbox').fill('')
    await page.getByRole('checkbox', { name: /Audience/ }).uncheck()
    assert.ok((await page.locator('#ranked tr:not([hidden])').count()) < all)
    await picture(page, `report-${colorScheme}`)
    await checkAccessible(page, `the report, ${colorScheme}`)
    assert.deepEqual(asked.length, 1, 'only the file itself was asked for')
    assert.deepEqual(faults, [])
    await page.close()
  }
})
