/** States of the console that a healthy server rarely shows, over a made-up one. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { checkAccessible, launch, openPage, picture, withoutBrowser } from './browser.ts'
import { type MockServer, startMockServer } from './mock-server.ts'

const options = { skip: withoutBrowser }
let browser: Browser
const servers: MockServer[] = []

before(async () => {
  if (withoutBrowser) return
  const console = join(import.meta.dirname, '..')
  if (!existsSync(join(console, 'dist/index.html'))) await build({ root: console, logLevel: 'error' })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  for (const server of servers) await server.close()
})

async function serve(given: Parameters<typeof startMockServer>[0] = {}): Promise<MockServer> {
  const server = await startMockServer(given)
  servers.push(server)
  return server
}

test('whoever is not signed in reads where the link is, and nothing else is asked for', options, async () => {
  const server = await serve()
  const { page } = await openPage(await browser.newContext())
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(server.url)
  await page.getByRole('heading', { name: 'Open the sign-in link' }).waitFor()
  await checkAccessible(page, 'the sign-in notice')
  assert.deepEqual(
    asked.filter((path) => path.includes('/v1/')),
    ['/v1/me'],
  )
  await page.close()
})

test('while the demo is being prepared its stages are shown, and the network opens afterwards', options, async () => {
  const server = await serve({ preparing: true })
  const { page, faults } = await openPage(await browser.newContext({ viewport: { width: 1440, height: 900 } }))
  await page.goto(server.link)
  await page.getByRole('heading', { name: /Getting ready/ }).waitFor()
  await picture(page, 'preparing')
  await checkAccessible(page, 'the progress')
  await page.getByRole('heading', { name: /^A network of/ }).waitFor()
  assert.deepEqual(faults, [])
  await page.close()
})

test('a refusal is shown with its code and what to do', options, async () => {
  const server = await serve()
  const { page } = await openPage(await browser.newContext())
  await page.goto(server.link)
  await page.getByRole('complementary').getByRole('button', { name: 'Map a network' }).click()
  await page.getByRole('textbox', { name: 'Seeds' }).fill('nobody')
  await page.getByRole('button', { name: 'Map from 1 seed' }).click()
  await page.getByText('input/no-seeds').waitFor()
  await page.getByText('Check that the ids are written as in the data').waitFor()
  await checkAccessible(page, 'a refusal')
  await page.close()
})

test('a phone’s width loses nothing and scrolls no page sideways', options, async () => {
  const server = await serve()
  const { page } = await openPage(await browser.newContext({ viewport: { width: 400, height: 800 } }))
  await page.goto(server.link)
  await page.getByRole('heading', { name: /^A network of/ }).waitFor()
  await page.waitForTimeout(600)
  await picture(page, 'narrow')
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.equal(wide, 0)
  await page.close()
})
