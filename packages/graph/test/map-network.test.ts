import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { Graph, GraphBuilder, mapNetwork, type NetworkMark } from '../src/index.ts'
import { plantRing, type Row, USUAL } from './planted-ring.ts'

function build(rows: readonly Row[]): Graph {
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  return builder.finish()
}

const planted = plantRing(seededRandom('map'), { ...USUAL, hashtags: 8 })
const graph = build(planted.rows)
const seeds = planted.ring.slice(0, 3)
const marked = (mark: NetworkMark, ...accounts: string[]) => new Map(accounts.map((account) => [account, mark]))

test('three seeds of a ring lead to most of the ring, explained, and to few others', () => {
  const map = mapNetwork(graph, { seeds })
  const inside = map.accounts.filter(({ member }) => member)
  const right = inside.filter(({ account }) => planted.ring.includes(account)).length
  assert.equal(map.isNetwork, true)
  assert.ok(right >= 40 && right >= 0.8 * inside.length, `${right} right of ${inside.length}`)
  assert.ok(map.accounts.every(({ account }) => !seeds.includes(account)))
  assert.ok(map.accounts.every(({ sentence }) => sentence.length > 0))
  assert.equal(map.cut.size, inside.length)
  assert.ok(inside.every(({ probability }) => probability >= map.cut.threshold))
  assert.ok(map.edges.length > 0 && map.edges.every(({ source, target }) => source !== target))
})

test('the same question has the same answer, also from a stored copy of the graph', () => {
  const first = mapNetwork(graph, { seeds })
  assert.deepEqual(mapNetwork(graph, { seeds }), first)
  assert.deepEqual(mapNetwork(Graph.from(graph.toBuffer()), { seeds }), first)
})

test('seeds that the graph does not know are reported, one by one, and do not change the answer of the others', () => {
  const map = mapNetwork(graph, { seeds: [...seeds, 'nobody-1', 'nobody-2'] })
  assert.deepEqual(
    map.seeds.map(({ known }) => known),
    [true, true, true, false, false],
  )
  assert.deepEqual(map.accounts, mapNetwork(graph, { seeds }).accounts)
  const alone = mapNetwork(graph, { seeds: ['nobody-1'] })
  assert.deepEqual([alone.isNetwork, alone.accounts.length, alone.seeds[0]!.known], [false, 0, false])
  assert.equal(mapNetwork(graph, { seeds: [] }).isNetwork, false)
})

test('a seed given twice counts once, and a hashtag is no seed', () => {
  const once = mapNetwork(graph, { seeds })
  assert.deepEqual(mapNetwork(graph, { seeds: [...seeds, ...seeds] }), once)
  assert.equal(mapNetwork(graph, { seeds: ['#paper-lantern-1'] }).isNetwork, false)
})

test('an investigator’s mark decides: member is inside, bystander and victim are out, and the rest is ranked anew', () => {
  const before = mapNetwork(graph, { seeds })
  const [first] = before.accounts
  const far = before.accounts.find(({ member }) => !member)!
  const out = mapNetwork(graph, { seeds, marks: marked('bystander', first!.account) })
  assert.equal(out.accounts.find(({ account }) => account === first!.account)?.member ?? false, false)
  const victim = mapNetwork(graph, { seeds, marks: marked('victim', first!.account) })
  const row = victim.accounts.find(({ account }) => account === first!.account)
  assert.deepEqual([row?.member, row?.role], [false, 'likely-victim'])
  const included = mapNetwork(graph, { seeds, marks: marked('member', far.account) })
  assert.equal(included.accounts.find(({ account }) => account === far.account)?.member, true)
  const chances = (map: typeof before) => new Map(map.accounts.map((row) => [row.account, row.probability]))
  const others = before.accounts.filter((row) => row.account !== first!.account && row.probability > 0.05)
  const lower = others.filter(({ account, probability }) => (chances(out).get(account) ?? 0) < probability)
  assert.ok(lower.length > others.length / 2, 'a bystander among the surest lowers how sure the rest is')
  assert.deepEqual(mapNetwork(graph, { seeds, marks: marked('unsure', first!.account) }), before)
})

test('protected and benign accounts are never inside', () => {
  const { accounts } = mapNetwork(graph, { seeds })
  const top = accounts.slice(0, 5).map(({ account }) => account)
  for (const query of [{ protectedAccounts: top }, { benign: top }]) {
    const map = mapNetwork(graph, { seeds, ...query })
    assert.ok(map.accounts.every(({ account, member }) => !member || !top.includes(account)))
  }
})

test('the limit shortens the list but never the cut', () => {
  const map = mapNetwork(graph, { seeds }, { limit: 5 })
  assert.equal(map.accounts.filter(({ member }) => member).length, map.cut.size)
  assert.ok(map.accounts.length === Math.max(5, map.cut.size))
})

test('an empty graph, one account, a pair, and all accounts alike have an answer', () => {
  assert.equal(mapNetwork(new GraphBuilder().finish(), { seeds: ['a'] }).isNetwork, false)
  const loop = new GraphBuilder()
  loop.add('a', 'a')
  assert.deepEqual(mapNetwork(loop.finish(), { seeds: ['a'] }).accounts, [])
  const pair = mapNetwork(build([['a', 'b', 'follow']]), { seeds: ['a'] })
  assert.ok(pair.accounts.length <= 1)
  const names = Array.from({ length: 12 }, (_, i) => `acct-${i}`)
  const clique = build(names.flatMap((a) => names.filter((b) => a !== b).map((b): Row => [a, b, 'follow'])))
  const map = mapNetwork(clique, { seeds: names.slice(0, 3) })
  assert.ok(map.accounts.every(({ probability }) => probability >= 0 && probability <= 1))
})

test('seeds in two parts that nothing joins never reach across', () => {
  const left = plantRing(seededRandom('left'), { ...USUAL, accounts: 500 })
  const rows = left.rows.flatMap(([a, b, relation]): Row[] => [
    [`l-${a}`, `l-${b}`, relation],
    [`r-${a}`, `r-${b}`, relation],
  ])
  const map = mapNetwork(build(rows), { seeds: left.ring.slice(0, 3).map((account) => `l-${account}`) })
  assert.ok(map.accounts.length > 0 && map.accounts.every(({ account }) => account.startsWith('l-')))
})

test('a star that 100,000 accounts follow is no reason to drag them in', () => {
  const rows = planted.rows.concat(
    Array.from({ length: 100_000 }, (_, i): Row => [`fan-${i}`, 'star', 'follow']),
    planted.ring.map((member): Row => [member, 'star', 'follow']),
  )
  const map = mapNetwork(build(rows), { seeds })
  assert.ok(map.accounts.every(({ account, member }) => !member || !account.startsWith('fan-')))
  assert.ok(map.accounts.every(({ account, member }) => !member || account !== 'star'))
})

test('whatever the edges, the answer is well-formed', () => {
  const anyRow = fc.tuple(
    fc.constantFrom(...'abcdefgh'),
    fc.constantFrom(...'abcdefghxyz'),
    fc.constantFrom('follow', 'like', 'contact', 'block', 'backup', 'hashtag', 'identifier', 'odd relation'),
  )
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 80 }), fc.subarray([...'abcxq']), (rows, some) => {
      const map = mapNetwork(build(rows), { seeds: some }, { limit: 3 })
      assert.equal(map.seeds.length, some.length)
      const listed = map.accounts.map(({ account }) => account)
      assert.equal(new Set(listed).size, listed.length)
      for (const row of map.accounts) {
        assert.ok(row.probability >= 0 && row.probability <= 1)
        assert.ok(!some.includes(row.account))
        assert.ok(!row.member || (row.role !== 'likely-victim' && row.role !== 'audience' && row.role !== 'bystander'))
      }
      assert.ok(map.isNetwork || map.cut.size === 0)
    }),
    { numRuns: 60 },
  )
})

test('directed follows edges from actor to target only', () => {
  const map = mapNetwork(
    build([
      ['a', 'b', 'follow'],
      ['c', 'a', 'follow'],
      ['b', 'd', 'follow'],
    ]),
    {
      seeds: ['a'],
      directed: true,
    },
  )
  assert.ok(map.accounts.every(({ account }) => account !== 'c'))
})
