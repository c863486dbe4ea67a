import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'
import { audienceFacts } from '../src/cut/audience-facts.ts'
import { examine } from '../src/cut/examine.ts'
import { actedBits, type FusedAdjacency, type Graph, GraphBuilder, mapNetwork } from '../src/index.ts'
import { audienceNearness } from '../src/rank/audience-nearness.ts'
import { plantRing, type Row } from './planted-ring.ts'

function graphFrom(rows: readonly Row[]): Graph {
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  return builder.finish()
}

/** Sellers in cells of six that hardly know each other; what they share is whom they are watched by. */
function market(random: Random) {
  const { rows, outsiders } = plantRing(random, { accounts: 4_000, ring: 0, density: 0, hashtags: 0 })
  const sellers = sample(random, outsiders, 90)
  sellers.forEach((seller, i) => {
    const cell = sellers.slice(i - (i % 6), i - (i % 6) + 6).filter((other) => other !== seller)
    for (const other of sample(random, cell, 2)) rows.push([seller, other, 'follow'])
    rows.push([seller, sellers[randomInt(random, 90)]!, 'follow'])
  })
  const isSeller = new Set(sellers)
  const audience = sample(
    random,
    outsiders.filter((account) => !isSeller.has(account)),
    900,
  )
  for (const viewer of audience) for (const seller of sample(random, sellers, 4)) rows.push([viewer, seller, 'follow'])
  return { rows, sellers, audience }
}

test('markets that only their audience holds together are mostly found from three sellers each, with hardly anybody of the audience', () => {
  const total = { found: 0, named: 0, sought: 0 }
  for (let seed = 0; seed < 3; seed++) {
    const { rows, sellers, audience } = market(seededRandom(`market ${seed}`))
    const map = mapNetwork(graphFrom(rows), { seeds: sellers.slice(0, 3) })
    const inside = new Set(map.accounts.filter(({ member }) => member).map(({ account }) => account))
    total.found += sellers.filter((account) => inside.has(account)).length
    total.sought += sellers.length - 3
    total.named += inside.size
    const watching = audience.filter((account) => inside.has(account)).length
    assert.ok(watching <= 20, `${watching} of an audience of 900 inside`)
  }
  assert.ok(total.found >= 0.6 * total.sought, `${total.found} of ${total.sought} found`)
  assert.ok(total.found >= 0.75 * total.named, `${total.found} of ${total.named} right`)
})

test('friendships without a direction have no audience to ask', () => {
  const random = seededRandom('friends')
  const { rows, sellers } = market(random)
  const both = rows.flatMap(([a, b, relation]): Row[] => [
    [a, b, relation],
    [b, a, relation],
  ])
  const graph = graphFrom(both)
  const exam = examine(
    graph.fused(),
    sellers.slice(0, 3).map((id) => graph.nodeOf(id)),
    random,
  )
  const nobody = new Float64Array(exam.local.size)
  const known = Array.from({ length: Math.min(60, exam.local.size) }, (_, i) => i)
  assert.equal(audienceFacts(exam, known, { once: nobody, again: nobody, ringness: 0.9 }), null)
})

test('fewer than eight known accounts say nothing about an audience', () => {
  const random = seededRandom('few')
  const { rows, sellers } = market(random)
  const graph = graphFrom(rows)
  const seeds = sellers.slice(0, 3).map((id) => graph.nodeOf(id))
  const exam = examine(graph.fused(), seeds, random)
  const nobody = new Float64Array(exam.local.size)
  assert.equal(audienceFacts(exam, [0, 1, 2, 3, 4, 5, 6], { once: nobody, again: nobody, ringness: 0.9 }), null)
})

test('nearness to an audience is what the slow way says, and members who act on somebody are none', () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = seededRandom(`nearness ${seed}`)
    const count = 2 + randomInt(random, 60)
    const rows = Array.from({ length: randomInt(random, 400) }, (): Row => {
      const [a, b] = [randomInt(random, count), randomInt(random, count)]
      return [`acct-${a}`, `acct-${b}`, 'follow']
    })
    const graph = graphFrom([['acct-0', 'acct-1', 'follow'], ...rows])
    const adjacency = graph.fused()
    const nodes = Uint32Array.from(
      sample(
        random,
        Array.from({ length: graph.nodeCount }, (_, i) => i),
        Math.ceil(graph.nodeCount / 2),
      ),
    )
    const core = Array.from(nodes.keys()).filter(() => random() < 0.4)
    const { near } = audienceNearness(adjacency, nodes, core)
    slowNearness(adjacency, nodes, core).forEach((expected, i) => {
      assert.ok(Math.abs(expected - near[i]!) < 1e-9, `${near[i]} is not ${expected}`)
    })
  }
})

/** Every pair of accounts asked one by one. */
function slowNearness(graph: FusedAdjacency, nodes: Uint32Array, core: readonly number[]): number[] {
  const acts = (u: number, t: number): number => {
    for (let a = graph.offsets[u]!; a < graph.offsets[u + 1]!; a++)
      if (graph.arcs[a]! >>> 2 === t) return actedBits(graph, u, graph.arcs[a]!)
    return 0
  }
  const all = Array.from({ length: graph.nodeCount }, (_, i) => i)
  const members = core.map((c) => nodes[c]!)
  const watched = (u: number) => members.filter((m) => acts(u, m) === 1)
  const actedOn = (u: number) => all.filter((t) => (acts(u, t) & 1) === 1).length
  const actors = (t: number) => all.filter((u) => (acts(u, t) & 1) === 1).length
  return Array.from(nodes, (t) => {
    const watchers = all.filter((u) => !members.includes(u) && watched(u).length >= 2 && (acts(u, t) & 1) === 1)
    const sum = watchers.reduce((total, u) => {
      const seen = watched(u).length
      const others = members.includes(t) ? seen - 1 : seen
      return others >= 2 ? total + others / Math.sqrt(actedOn(u)) : total
    }, 0)
    return sum / Math.sqrt(actors(t) + 5)
  })
}
