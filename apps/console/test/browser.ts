import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const ROOT = join(import.meta.dirname, '../../..')
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why browser tests are skipped here, or false. With REQUIRE_ALL=1 a missing browser is a failure instead. */
export const withoutBrowser: string | false =
  existsSync(CHROMIUM) || process.env.REQUIRE_ALL === '1'
    ? false
    : `no browser at ${CHROMIUM}: apt-get install chromium`

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

export type Scheme = 'light' | 'dark'

/** A page that keeps what went wrong on it: errors of scripts, and what the content policy refused. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
  })
  return { page, faults }
}

/** Keeps a picture of the screen under .cache/screens, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const dir = join(ROOT, '.cache/screens')
  mkdirSync(dir, { recursive: true })
  await page.screenshot({ path: join(dir, `${name}.png`), animations: 'disabled' })
}

const AXE = readFileSync(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8')

/** No violation that axe can find, in this state of the screen. */
export async function checkAccessible(page: Page, what: string): Promise<void> {
  await page.waitForTimeout(350) // colours are still blending while a dialog opens
  const found = await page.evaluate(`${AXE};axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`)
  assert.deepEqual(found, [], `axe finds nothing wrong with ${what}`)
}
