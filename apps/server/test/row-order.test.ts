/** One set of rows gives one answer: as a file in any order, and through the ledger. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { GraphBuilder, type MapQuery, mapNetwork, type NetworkMap } from '@firebreak/graph'
import { importFile, readEdges } from '@firebreak/intake'
import { type Random, randomInt, sample, seededRandom, systemClock } from '@firebreak/kernel'
import { NetworkMapper } from '@firebreak/networks'
import { openStore } from '../src/instance/open-store.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-rows-'))
after(() => rmSync(dir, { recursive: true, force: true }))

const ACCOUNTS = 240
const RELATIONS = ['follow', 'follow', 'follow', 'like', 'comment', 'mention', 'contact', 'hashtag', 'identifier']

/** Follows without times, some twice; the rest with a time and sometimes a weight, some at several times. */
function anyRows(random: Random): string[] {
  const rows = Array.from({ length: ACCOUNTS * 10 }, () => {
    const a = randomInt(random, ACCOUNTS)
    const b = random() < 0.7 ? a - (a % 20) + randomInt(random, 20) : randomInt(random, ACCOUNTS)
    const relation = RELATIONS[randomInt(random, RELATIONS.length)] as string
    if (relation === 'follow') return `acct-${a},acct-${b},follow,,`
    const item = relation === 'hashtag' || relation === 'identifier'
    const at = 1_700_000_000 + 3600 * randomInt(random, 500)
    const weight = relation === 'comment' && at % 7200 === 0 ? 2 : 1
    return `acct-${a},${item ? `thing${b % 60}` : `acct-${b}`},${relation},${weight},${at}`
  }).filter((row) => row.split(',')[0] !== row.split(',')[1])
  return [...rows, ...sample(random, rows, rows.length / 10)]
}

function written(name: string, rows: readonly string[]): string {
  const path = join(dir, name)
  writeFileSync(path, `source,target,relation,weight,at\n${rows.join('\n')}\n`)
  return path
}

async function fromFile(path: string, query: MapQuery): Promise<NetworkMap> {
  const builder = new GraphBuilder()
  await readEdges(path, {
    intern: (id) => builder.intern(id),
    internBytes: (bytes, start, end) => builder.internBytes(bytes, start, end),
    add: (source, target, relation, weight, at) => builder.addInterned(source, target, relation, weight, at),
  })
  return mapNetwork(builder.finish(), query)
}

async function throughLedger(path: string, name: string, query: MapQuery): Promise<NetworkMap> {
  const store = await openStore({ dir: join(dir, name), clock: systemClock })
  const mapper = new NetworkMapper(store.ledger)
  try {
    await importFile({ ledger: store.ledger, path, by: { kind: 'system', id: 'test' }, edge: store.edge })
    return await mapper.map(query)
  } finally {
    await mapper.close()
    await store.close()
  }
}

/** Everything but the names of items, which the ledger keeps keyed. */
function told(map: NetworkMap): unknown {
  return JSON.parse(JSON.stringify(map, (key, value) => (key === 'via' ? null : value)))
}

test('rows in a file, the same rows shuffled, and the same rows through the ledger give one answer', async () => {
  const random = seededRandom('rows')
  const rows = anyRows(random)
  const path = written('rows.csv', rows)
  const shuffled = written('shuffled.csv', sample(random, rows, rows.length))
  const query = { seeds: ['acct-3', 'acct-7', 'acct-12'] }
  const answer = await fromFile(path, query)
  assert.ok(answer.isNetwork)
  assert.ok(answer.cut.size > 0)
  assert.equal(JSON.stringify(await fromFile(shuffled, query)), JSON.stringify(answer))
  assert.deepEqual(told(await throughLedger(shuffled, 'store', query)), told(answer))
})
