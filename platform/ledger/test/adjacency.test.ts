import assert from 'node:assert/strict'
import test from 'node:test'
import { randomInt, seededRandom } from '@firebreak/kernel'
import { openTestLedger } from '../src/testing/index.ts'
import type { EventInput, Ledger } from '../src/types.ts'

const BY = { kind: 'system', id: 'test' } as const
const account = (id: string) => ({ type: 'account', id })

/** Follows, unfollows, mentions and a few erasures among 60 accounts and one hub that most of them follow. */
function events(seed: number, count: number): EventInput[] {
  const random = seededRandom(seed)
  const pick = (below: number) => randomInt(random, below)
  return Array.from({ length: count }, (_, i) => {
    const source = `acct-${pick(60)}`
    const target = pick(3) > 0 ? `acct-${pick(60)}` : 'acct-hub'
    const kind = pick(200)
    const type = kind === 0 ? 'subject.erased' : kind < 110 ? 'follow' : kind < 150 ? 'unfollow' : 'mention'
    const at = new Date(1_777_000_000_000 + i * 1000).toISOString()
    return { id: `e-${i}`, type, at, actor: account(source), subject: account(kind === 0 ? source : target) }
  })
}

async function currentEdges(ledger: Ledger): Promise<Map<string, number>> {
  const edges = new Map<string, number>()
  for await (const batch of ledger.edges({ batch: 37 }))
    for (const { source, target, relation, weight } of batch) edges.set(`${source}>${target}:${relation}`, weight)
  return edges
}

test('the neighbours of every account are exactly its current edges, whatever was appended side by side', async (t) => {
  const ledger = await openTestLedger()
  t.after(() => ledger.close())
  const all = events(7, 4_000)
  const under: Promise<unknown>[] = []
  for (let from = 0; from < all.length; from += 400) {
    under.push(ledger.append(all.slice(from, from + 400), BY))
    // A write of another kind between two appends puts several batches into one transaction.
    under.push(ledger.record('test', { from }, BY))
    if (from % 1200 === 0) await Promise.all(under)
  }
  await Promise.all(under)

  const edges = await currentEdges(ledger)
  const nodes = [...Array.from({ length: 60 }, (_, i) => `acct-${i}`), 'acct-hub']
  const seen = new Map<string, number>()
  for (const [node, { outDegree, inDegree, neighbours }] of await ledger.neighbours(nodes)) {
    const out = neighbours.filter(({ direction }) => direction === 'out')
    assert.equal(outDegree, out.length)
    assert.equal(inDegree, neighbours.length - out.length)
    for (const { other, relation, weight } of out) seen.set(`${node}>${other}:${relation}`, weight)
  }
  assert.ok(edges.size > 100)
  assert.deepEqual(new Map([...seen].sort()), new Map([...edges].sort()))
  assert.equal((await ledger.verify()).ok, true)
})

test('who asks for neighbours beside writers that never rest is answered, with all that was written before the question', async (t) => {
  const ledger = await openTestLedger()
  t.after(() => ledger.close())
  let writing = true
  let round = 0
  const follow = (i: number): EventInput => ({
    id: `n-${i}`,
    type: 'follow',
    at: '2026-05-01T00:00:00Z',
    actor: account(`acct-${i}`),
    subject: account('acct-hub'),
  })
  const writers = Array.from({ length: 3 }, async () => {
    while (writing) await ledger.append([follow(round++)], BY)
  })
  for (let asked = 0; asked < 5; asked++) {
    const before = round
    await ledger.append([follow(round++)], BY)
    const found = (await ledger.neighbours(['acct-hub'])).get('acct-hub')!
    assert.ok(found.inDegree > before - 3, `${found.inDegree} of ${before}`)
  }
  writing = false
  await Promise.all(writers)
  assert.equal((await ledger.neighbours(['acct-hub'])).get('acct-hub')!.inDegree, round)
})
