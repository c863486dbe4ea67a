import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'
import { type Graph, GraphBuilder, mapNetwork, type NetworkMap } from '../src/index.ts'
import type { PlainEdge } from './reference-graph.ts'

const RELATIONS = ['follow', 'follow', 'follow', 'comment', 'mention', 'contact', 'hashtag', 'identifier', 'knows']

/** Groups of twenty with ties among themselves and to others, in all kinds of relations, weights and times; some rows twice. */
function anyRows(accounts: number, random: Random, relations: readonly string[]): PlainEdge[] {
  const rows = Array.from({ length: accounts * 8 }, (): PlainEdge => {
    const a = randomInt(random, accounts)
    const b = random() < 0.7 ? a - (a % 20) + randomInt(random, 20) : randomInt(random, accounts)
    const relation = relations[randomInt(random, relations.length)] as string
    const item = relation === 'hashtag' || relation === 'identifier'
    return {
      source: `acct-${a}`,
      target: item ? `${relation}:${b % 40}` : `acct-${b}`,
      relation,
      weight: random() < 0.8 ? 1 : 0.1 + random(),
      ...(random() < 0.5 ? { atMs: randomInt(random, 5) * 1000 } : {}),
    }
  })
  return [...rows, ...sample(random, rows, rows.length / 10)]
}

function build(rows: readonly PlainEdge[]): Graph {
  const builder = new GraphBuilder()
  for (const { source, target, relation, weight, atMs } of rows) builder.add(source, target, relation, weight, atMs)
  return builder.finish()
}

/** The answer as bytes; the report on the seeds follows the order in which they were asked. */
function told(map: NetworkMap): string {
  return JSON.stringify({ ...map, seeds: map.seeds.toSorted((a, b) => (a.account < b.account ? -1 : 1)) })
}

for (const [kind, relations] of [
  ['follows alone', ['follow']],
  ['many relations', RELATIONS],
] as const)
  test(`shuffled rows, relations and seeds give the same bytes: ${kind}`, () => {
    for (let round = 0; round < 6; round++) {
      const random = seededRandom(`${kind} ${round}`)
      const rows = anyRows(round < 2 ? 60 : 400, random, relations)
      const seeds = ['acct-3', 'acct-7', 'acct-12', 'acct-18']
      const asked = { benign: ['acct-41', 'acct-45'], marks: new Map([['acct-5', 'member'] as const]) }
      const answer = told(mapNetwork(build(rows), { seeds, ...asked }))
      const stored = new Uint8Array(build(rows).toBuffer())
      for (const other of [
        sample(random, rows, rows.length),
        rows.toReversed(),
        rows.toSorted((a, b) => (`${a.relation} ${a.target}` < `${b.relation} ${b.target}` ? -1 : 1)),
        [...rows, ...rows],
      ]) {
        const graph = build(other)
        const map = mapNetwork(graph, {
          seeds: sample(random, seeds, 4),
          benign: asked.benign.toReversed(),
          marks: asked.marks,
        })
        assert.equal(told(map), answer)
        if (other.length === rows.length) assert.deepEqual(new Uint8Array(graph.toBuffer()), stored)
      }
    }
  })

test('a friendship list in no order of its names is read the same however its rows are shuffled', () => {
  const random = seededRandom('list')
  const order = sample(
    random,
    Array.from({ length: 300 }, (_, i) => i),
    300,
  )
  const rows: PlainEdge[] = []
  for (let a = 0; a < 300; a++)
    for (let b = a + 1; b < 300; b++)
      if (random() < (a - (a % 20) === b - (b % 20) ? 0.5 : 0.01))
        rows.push({ source: `p${order[a]}x`, target: `p${order[b]}x`, relation: 'follow', weight: 1 })
  const graph = build(rows)
  assert.deepEqual(graph.listing?.listed, [true])
  const seeds = [0, 5, 9].map((n) => `p${order[n]}x`)
  const answer = told(mapNetwork(graph, { seeds }))
  for (let round = 0; round < 3; round++)
    assert.equal(told(mapNetwork(build(sample(random, rows, rows.length)), { seeds })), answer)
})
