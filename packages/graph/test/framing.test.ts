import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, sample, seededRandom } from '@firebreak/kernel'
import { GraphBuilder, mapNetwork, type NetworkMap } from '../src/index.ts'
import { plantRing, type Row, USUAL } from './planted-ring.ts'

function mapOf(rows: readonly Row[], seeds: readonly string[]): NetworkMap {
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  return mapNetwork(builder.finish(), { seeds })
}

function framed(framers: readonly string[], innocent: string, relations: readonly string[]): Row[] {
  return framers.flatMap((framer) => relations.map((relation): Row => [framer, innocent, relation]))
}

const isInside = (map: NetworkMap, account: string) => map.accounts.some((row) => row.account === account && row.member)
const found = (map: NetworkMap, ring: readonly string[]) => ring.filter((account) => isInside(map, account)).length

const ATTACKS: readonly (readonly string[])[] = [
  ['follow'],
  ['mention'],
  ['backup'],
  ['follow', 'mention', 'backup'],
  ['follow', 'like', 'comment', 'mention', 'backup', 'contact'],
  ['accuses'],
]

for (const relations of ATTACKS)
  test(`fifty members who all act (${relations.join(', ')}) on one innocent leave it outside, and are still found`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const random = seededRandom(`${relations} ${seed}`)
      const { rows, ring, outsiders } = plantRing(random, { ...USUAL, hashtags: seed % 2 === 0 ? 0 : 6 })
      const [innocent = ''] = sample(random, outsiders, 1)
      const seeds = sample(random, ring, 3)
      const map = mapOf([...rows, ...framed(ring.slice(0, 50), innocent, relations)], seeds)
      assert.equal(isInside(map, innocent), false)
      assert.ok((map.accounts.find(({ account }) => account === innocent)?.probability ?? 0) < 0.2)
      assert.ok(found(map, ring) >= 30, `only ${found(map, ring)} of the ring found`)
    }
  })

test('framers who are seeds themselves do not carry an innocent inside either', () => {
  for (let seed = 0; seed < 6; seed++) {
    const random = seededRandom(`seeds ${seed}`)
    const { rows, ring, outsiders } = plantRing(random)
    const [innocent = ''] = sample(random, outsiders, 1)
    const framers = ring.slice(0, 50)
    const map = mapOf([...rows, ...framed(framers, innocent, ['follow', 'backup'])], sample(random, framers, 5))
    assert.equal(isInside(map, innocent), false)
  }
})

test('an innocent who once followed one or two of fifty framers back stays outside', () => {
  for (let seed = 0; seed < 6; seed++) {
    const random = seededRandom(`back ${seed}`)
    const { rows, ring, outsiders } = plantRing(random)
    const [innocent = ''] = sample(random, outsiders, 1)
    const back = sample(random, ring.slice(0, 50), 1 + (seed % 2)).map((framer): Row => [innocent, framer, 'follow'])
    const map = mapOf(
      [...rows, ...framed(ring.slice(0, 50), innocent, ['follow', 'mention']), ...back],
      ring.slice(50, 53),
    )
    assert.equal(isInside(map, innocent), false)
  }
})

test('in a list of undirected friendships, rows that frame somebody show by their order', () => {
  for (let seed = 0; seed < 6; seed++) {
    const random = seededRandom(`listed ${seed}`)
    const { rows, ring, outsiders } = plantRing(random)
    const [innocent = ''] = sample(random, outsiders, 1)
    const listed = rows.map(([a, b, relation]): Row => (a < b ? [a, b, relation] : [b, a, relation]))
    const map = mapOf([...listed, ...framed(ring.slice(0, 50), innocent, ['follow'])], sample(random, ring, 3))
    assert.equal(isInside(map, innocent), false)
    assert.ok(found(map, ring) >= 30, `only ${found(map, ring)} of the ring found`)
  }
})

test('many innocents framed at once stay outside one and all', () => {
  const random: Random = seededRandom('many')
  const { rows, ring, outsiders } = plantRing(random)
  const innocents = sample(random, outsiders, 20)
  const map = mapOf(
    [...rows, ...innocents.flatMap((innocent) => framed(ring.slice(0, 50), innocent, ['follow', 'mention', 'backup']))],
    ring.slice(0, 3),
  )
  for (const innocent of innocents) assert.equal(isInside(map, innocent), false)
})

test('a circle of friends whom the members frame one by one stays outside, although they act on each other', () => {
  for (let seed = 0; seed < 4; seed++) {
    const random = seededRandom(`circle ${seed}`)
    const { rows, ring, outsiders } = plantRing(random)
    const circle = sample(random, outsiders, 20)
    for (const a of circle) for (const b of circle) if (a !== b && random() < 0.3) rows.push([a, b, 'follow'])
    const attack = circle.flatMap((innocent) => framed(ring.slice(0, 50), innocent, ['follow', 'mention']))
    const map = mapOf([...rows, ...attack], ring.slice(0, 3))
    for (const innocent of circle) assert.equal(isInside(map, innocent), false)
  }
})

test('fifty members who take up an innocent’s own hashtag leave it outside', () => {
  for (let seed = 0; seed < 4; seed++) {
    const random = seededRandom(`hashtag ${seed}`)
    const { rows, ring, outsiders } = plantRing(random)
    const [innocent = ''] = sample(random, outsiders, 1)
    const builder = new GraphBuilder()
    for (const [source, target, relation] of rows) builder.add(source, target, relation)
    builder.add(innocent, '#my-kites', 'hashtag', 1, 1_000)
    ring.slice(0, 50).forEach((framer, i) => {
      builder.add(framer, '#my-kites', 'hashtag', 1, 2_000 + i)
      builder.add(framer, innocent, 'follow')
    })
    assert.equal(isInside(mapNetwork(builder.finish(), { seeds: ring.slice(0, 3) }), innocent), false)
  }
})
