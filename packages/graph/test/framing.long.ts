import assert from 'node:assert/strict'
import test from 'node:test'
import { randomInt, sample, seededRandom } from '@firebreak/kernel'
import { GraphBuilder, mapNetwork } from '../src/index.ts'
import { plantRing, type Row } from './planted-ring.ts'

const RELATIONS = ['follow', 'mention', 'backup', 'like', 'comment', 'contact', 'unheard-of'] as const
const ROUNDS = 150

test('in any world, by any mixture of acts, at any number of seeds, fifty framers never carry an innocent inside', () => {
  let found = 0
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(`framing ${round}`)
    const shape = {
      accounts: 500 + randomInt(random, 4_000),
      ring: 55 + randomInt(random, 40),
      density: 0.05 + 0.25 * random(),
      hashtags: randomInt(random, 10),
    }
    const { rows, ring, outsiders } = plantRing(random, shape)
    const innocents = sample(random, outsiders, 1 + randomInt(random, 4))
    const relations = sample(random, RELATIONS, 1 + randomInt(random, RELATIONS.length))
    for (const innocent of innocents)
      for (const framer of sample(random, ring, 50))
        for (const relation of relations) rows.push([framer, innocent, relation])
    const asListed = random() < 0.3
    const builder = new GraphBuilder()
    for (const [a, b, relation] of rows) {
      const turned = asListed && relation === 'follow' && a > b && !innocents.includes(b)
      const row: Row = turned ? [b, a, relation] : [a, b, relation]
      builder.add(...row)
    }
    const map = mapNetwork(builder.finish(), { seeds: sample(random, ring, 1 + randomInt(random, 6)) })
    const inside = new Set(map.accounts.filter(({ member }) => member).map(({ account }) => account))
    for (const innocent of innocents)
      assert.equal(inside.has(innocent), false, `round ${round}: ${JSON.stringify({ ...shape, relations, asListed })}`)
    if (ring.filter((member) => inside.has(member)).length >= 10) found++
  }
  assert.ok(found >= 0.7 * ROUNDS, `the ring was found in ${found} of ${ROUNDS} rounds only`)
})
