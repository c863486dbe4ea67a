import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, sample, seededRandom } from '@firebreak/kernel'
import { GraphBuilder, mapNetwork, type NetworkMap, type NetworkRole } from '../src/index.ts'
import { plantRing, type Row, USUAL } from './planted-ring.ts'

function mapOf(rows: readonly Row[], seeds: readonly string[], limit = 5_000): NetworkMap {
  const builder = new GraphBuilder()
  for (const [source, target, relation] of rows) builder.add(source, target, relation)
  return mapNetwork(builder.finish(), { seeds }, { limit })
}

const roleOf = (map: NetworkMap, account: string): NetworkRole | null =>
  map.accounts.find((row) => row.account === account)?.role ?? null
const inside = (map: NetworkMap) => new Set(map.accounts.filter(({ member }) => member).map(({ account }) => account))

/** A ring whose first members are followed by many who never hear from them. */
function withAudience(random: Random, size: number) {
  const planted = plantRing(random, { ...USUAL, hashtags: 8 })
  const hubs = planted.ring.slice(0, 6)
  const audience = sample(random, planted.outsiders, size)
  for (const fan of audience) for (const hub of sample(random, hubs, 3)) planted.rows.push([fan, hub, 'follow'])
  return { ...planted, hubs, audience }
}

test('many who only follow the hubs are counted as audience, hubs are hubs, and hardly any fan is inside', () => {
  for (let seed = 0; seed < 4; seed++) {
    const { rows, ring, hubs, audience } = withAudience(seededRandom(`audience ${seed}`), 500)
    const map = mapOf(rows, ring.slice(3, 8))
    const members = inside(map)
    const fansInside = audience.filter((fan) => members.has(fan)).length
    assert.ok(fansInside <= 5, `${fansInside} fans inside`)
    assert.ok(map.audienceCount >= 400 && map.audienceCount <= 700, String(map.audienceCount))
    for (const hub of hubs) if (members.has(hub)) assert.equal(roleOf(map, hub), 'hub')
  }
})

test('whom the members write to without an answer is a likely victim and never inside, whatever else it has in common', () => {
  for (let seed = 0; seed < 6; seed++) {
    const random = seededRandom(`victims ${seed}`)
    const { rows, ring, outsiders } = plantRing(random, { ...USUAL, hashtags: 8 })
    const victims = sample(random, outsiders, 20)
    victims.forEach((victim, i) => {
      for (const member of sample(random, ring, 4)) {
        rows.push([member, victim, 'contact'], [member, victim, 'follow'], [member, victim, 'mention'])
        if (i % 3 === 0) rows.push([victim, member, 'follow'])
        if (i % 4 === 0) rows.push([victim, member, 'block'])
      }
      if (i % 5 === 0) rows.push([victim, '#paper-lantern-1', 'hashtag'])
    })
    const map = mapOf(rows, ring.slice(0, 3))
    const members = inside(map)
    assert.ok(members.size >= 20, 'the ring was not found')
    assert.deepEqual(
      victims.filter((victim) => members.has(victim)),
      [],
    )
    const seen = victims.filter((victim) => roleOf(map, victim) === 'likely-victim').length
    assert.ok(seen >= 19, `${seen} of 20 victims seen`)
  }
})

test('one adult who writes to many unknown accounts is no network, and those accounts are likely victims', () => {
  const random = seededRandom('outreach')
  const { rows, outsiders } = plantRing(random)
  const [adult = '', ...others] = sample(random, outsiders, 41)
  for (const other of others) {
    rows.push([adult, other, 'contact'])
    if (random() < 0.5) rows.push([adult, other, 'follow'])
    if (random() < 0.2) rows.push([other, adult, 'block'])
  }
  const map = mapOf(rows, [adult])
  const members = inside(map)
  for (const other of others) {
    assert.equal(members.has(other), false)
    assert.equal(roleOf(map, other), 'likely-victim')
  }
})

test('people who answer each other are not victims', () => {
  const random = seededRandom('friends')
  const { rows, ring } = plantRing(random, { ...USUAL, hashtags: 8 })
  for (const member of ring)
    for (const other of sample(random, ring, 3)) rows.push([member, other, 'contact'], [other, member, 'contact'])
  const map = mapOf(rows, ring.slice(0, 3))
  for (const member of ring) assert.notEqual(roleOf(map, member), 'likely-victim')
})

test('a club that some members follow, dense as it is, stays outside', () => {
  for (let seed = 0; seed < 4; seed++) {
    const random = seededRandom(`club ${seed}`)
    const { rows, ring, outsiders } = plantRing(random, { ...USUAL, hashtags: 8 })
    const club = sample(random, outsiders, 40)
    for (const a of club) for (const b of club) if (a !== b && random() < 0.25) rows.push([a, b, 'follow'])
    for (const a of club) rows.push([a, '#kite-flyers', 'hashtag'])
    for (const member of ring.slice(0, 8)) rows.push([member, sample(random, club, 1)[0]!, 'follow'])
    const members = inside(mapOf(rows, ring.slice(0, 3)))
    const clubInside = club.filter((account) => members.has(account)).length
    assert.ok(clubInside <= 1, `${clubInside} of the club inside`)
    assert.ok(ring.filter((account) => members.has(account)).length >= 30)
  }
})
