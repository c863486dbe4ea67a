/**
 * Loads a follows.csv into Gorse: accounts are items, a follow is feedback. Waits until neighbours of the given accounts are there.
 *
 *   npx --no-install node examples/gorse/load.ts --follows follows.csv --seeds seeds.txt [--gorse http://127.0.0.1:9510]
 */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    follows: { type: 'string' },
    seeds: { type: 'string' },
    gorse: { type: 'string', default: 'http://127.0.0.1:9510' },
  },
})
if (!values.follows || !values.seeds) throw new Error('give --follows FILE and --seeds FILE')
const AT_ONCE = 5_000

async function send(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${values.gorse}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}

const follows = readFileSync(values.follows, 'utf8')
  .split('\n')
  .map((line) => line.trim().split(','))
  .filter(([source, target]) => source && target && source !== 'source')
const accounts = [...new Set(follows.flatMap(([source, target]) => [source!, target!]))]
const at = new Date().toISOString()
for (let from = 0; from < accounts.length; from += AT_ONCE)
  await send(
    '/api/items',
    accounts.slice(from, from + AT_ONCE).map((ItemId) => ({ ItemId, Timestamp: at, Labels: [], Categories: [] })),
  )
for (let from = 0; from < follows.length; from += AT_ONCE)
  await send(
    '/api/feedback',
    follows
      .slice(from, from + AT_ONCE)
      .map(([UserId, ItemId]) => ({ FeedbackType: 'follow', UserId, ItemId, Timestamp: at })),
  )
console.log(`${accounts.length} accounts, ${follows.length} follows loaded; waiting for neighbours`)

const seeds = readFileSync(values.seeds, 'utf8').trim().split('\n')
for (const seed of seeds)
  for (;;) {
    const answer = await fetch(`${values.gorse}/api/item/${encodeURIComponent(seed)}/neighbors?n=5`)
    if (answer.ok && ((await answer.json()) as unknown[]).length > 0) break
    await setTimeout(2_000)
  }
console.log('neighbours are there')
