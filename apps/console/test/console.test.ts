/** The console over the real server: what a visitor of the demo sees and does, in Debian's Chromium. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { checkAccessible, launch, openPage, picture, type Scheme, withoutBrowser } from './browser.ts'
import { type RealServer, startRealServer } from './real-server.ts'

const options = { skip: withoutBrowser }
const WAIT = { timeout: 150_000 }
let server: RealServer
let browser: Browser
let page: Page
let faults: string[]

before(async () => {
  if (withoutBrowser) return
  server = await startRealServer()
  browser = await launch()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  ;({ page, faults } = await openPage(context))
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

async function inBothSchemes(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const satisfies Scheme[]) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(500)
    await picture(page, `${name}-${colorScheme}`)
    await checkAccessible(page, `${name}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

const heading = () => page.locator('h1').first()
const chosenName = async () => (await page.locator('[role=row].active .cell-account').textContent())?.trim()

test('the one-time link signs in, and the first network opens by itself when it is mapped', options, async () => {
  await page.goto(server.link)
  await page.locator('[data-testid=canvas], [data-testid=still]').waitFor(WAIT)
  await page.getByRole('heading', { name: /^A network of \d/ }).waitFor(WAIT)
  await page.getByText('DEMO', { exact: true }).waitFor()
  assert.ok((await page.locator('[role=row]').count()) > 5, 'the table holds the same accounts')
  assert.match(
    (await page.getByRole('group', { name: /planted truth/ }).textContent()) ?? '',
    /precision.*recall.*0victims/,
  )
  await page.locator('.progress-banner').waitFor({ state: 'detached', ...WAIT })
  await inBothSchemes('network')
})

test('j and k walk the table, Enter says why an account is in, Escape lets go', options, async () => {
  await page.keyboard.press('j')
  const first = await chosenName()
  await page.keyboard.press('j')
  assert.notEqual(await chosenName(), first)
  await page.keyboard.press('k')
  assert.equal(await chosenName(), first)
  await page.keyboard.press('Enter')
  const panel = page.getByRole('region', { name: 'Why is this in?' })
  await panel.getByRole('heading', { name: first ?? '' }).waitFor()
  assert.ok((await panel.locator('.paths li').count()) > 0, 'at least one path is shown')
  assert.match(page.url(), /#\/network\/.*sel=/, 'the choice is in the address')
  await inBothSchemes('evidence')
  await page.keyboard.press('Escape')
  await panel.getByRole('heading', { name: 'Seeds' }).waitFor()
})

test('a mark re-ranks, and z takes it back; letters do nothing while one types', options, async () => {
  await page.keyboard.press('/')
  await page.keyboard.type('jk?')
  assert.equal(await page.getByRole('searchbox').inputValue(), 'jk?')
  await page.getByRole('searchbox').fill('')
  await page.getByRole('searchbox').blur()
  await page.locator('.cell-account').nth(5).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your judgement' }).waitFor()
  await page.keyboard.press('2')
  await page.getByText('Marked as bystander').waitFor(WAIT)
  await page.keyboard.press('z')
  await page.getByText('Marked as bystander').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
})

test('? shows the keys, and Ctrl-K finds an account', options, async () => {
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await checkAccessible(page, 'the keys')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const account = (await page.locator('.cell-account').nth(2).textContent())?.trim() ?? ''
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(account)
  await page.getByRole('option', { name: account }).first().waitFor()
  await picture(page, 'palette')
  await checkAccessible(page, 'the palette')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Why is this in?' }).getByRole('heading', { name: account }).waitFor()
  await page.keyboard.press('Escape')
})

test('labels are previewed, applied and taken back', options, async () => {
  const undo = page.getByRole('button', { name: 'Undo: recommend again' })
  const stop = page.getByRole('button', { name: 'Stop recommending these' })
  await undo.or(stop).first().waitFor()
  if (await undo.isVisible()) await undo.click()
  await stop.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('expire in 30 days').waitFor()
  await checkAccessible(page, 'the preview')
  await dialog.getByRole('button', { name: 'Stop recommending them' }).click()
  await undo.waitFor(WAIT)
  await page.getByText(/labels until/).waitFor()
})

test('random seeds get an answer of their own', options, async () => {
  const before = page.url()
  await page.getByRole('complementary').getByRole('button', { name: 'Try 3 random seeds' }).click()
  await page.waitForURL((url) => url.href !== before && url.href.includes('#/network/'), WAIT)
  await page.getByRole('heading', { level: 1, name: /Not a network|A network of/ }).waitFor(WAIT)
  await inBothSchemes('random-seeds')
})

test(
  'the guardrail shows the curve with and without the guard, as chart and as table, and can be switched',
  options,
  async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('g')
    await page.locator('.uplot canvas').first().waitFor(WAIT)
    assert.match((await heading().textContent()) ?? '', /recommender/)
    assert.match(
      (await page.getByRole('region', { name: 'Before and after the guard' }).textContent()) ?? '',
      /Without the guard.*%.*With the guard.*%/,
    )
    await inBothSchemes('guardrail')
    await page.getByRole('button', { name: 'Show as a table' }).click()
    assert.equal(await page.locator('.curve tbody tr').count(), 10, 'ten refreshes')
    await checkAccessible(page, 'the table of the curve')
    await page.getByRole('button', { name: 'Show the chart' }).click()
    const guard = page.getByRole('region', { name: 'Guard', exact: true })
    await guard.getByRole('switch').click({ force: true })
    await guard.getByText('off', { exact: true }).waitFor()
    await page.getByText('The guard is off.').waitFor()
    await page.keyboard.press('z')
    await guard.getByText('on', { exact: true }).waitFor()
  },
)

test(
  'one’s own follows.csv goes into a store of its own, is mapped there, and never enters the demo',
  options,
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak-own-'))
    const file = join(dir, 'follows.csv')
    writeFileSync(file, ownFollows())
    const demoCounts = await page.locator('.storebar .num').textContent()
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { name: 'Try it with your own data' }).waitFor()
    await inBothSchemes('own-door')
    await page.getByRole('button', { name: 'Open my own store' }).click()
    await page.getByText('YOUR DATA').waitFor(WAIT)
    await page.getByRole('navigation').getByRole('link', { name: 'Your own data' }).click()
    await page.setInputFiles('input[type=file]', file)
    await page.getByText(/\d links? imported from/).waitFor(WAIT)
    await page.getByRole('cell', { name: '4', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Create an API key' }).click()
    await page.getByText('Your key, shown this once').waitFor()
    await inBothSchemes('own-data')
    await page.getByRole('textbox', { name: 'Seeds' }).fill('ring-0\nring-1\nring-2')
    await page.getByRole('button', { name: 'Map from 3 seeds' }).click()
    await page.getByRole('heading', { level: 1, name: /Not a network|A network of/ }).waitFor(WAIT)
    await inBothSchemes('own-network')
    await page.getByRole('link', { name: 'Back to the demo' }).click()
    await page.getByText('DEMO', { exact: true }).waitFor()
    await page.locator('.storebar .num').waitFor()
    assert.equal(await page.locator('.storebar .num').textContent(), demoCounts)
    rmSync(dir, { recursive: true, force: true })
  },
)

test('no script failed and nothing was refused by the content policy on the way', options, () => {
  assert.deepEqual(faults, [])
})

/** Thirty accounts that follow each other closely, among two thousand that follow anybody; line 4 is bad. */
function ownFollows(): string {
  const lines = ['source,target', 'ring-0,ring-1', 'ring-1,ring-0', 'ring-2']
  for (let i = 0; i < 30; i++) for (let step = 1; step <= 9; step++) lines.push(`ring-${i},ring-${(i + step) % 30}`)
  for (let i = 0; i < 2_000; i++)
    for (let step = 1; step <= 5; step++) lines.push(`user-${i},user-${(i * 7 + step * 331) % 2_000}`)
  for (let i = 0; i < 30; i++) lines.push(`ring-${i},user-${i * 61}`, `user-${i * 53},ring-${i}`)
  return `${lines.join('\n')}\n`
}
