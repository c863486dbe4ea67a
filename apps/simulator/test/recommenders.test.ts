import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, sample, seededRandom } from '@firebreak/kernel'
import { generateWorld, type Recommender, recommenders } from '../src/index.ts'

const world = generateWorld({ scenario: 'small', seed: 1 })
const all = recommenders(world)
const positives = world.truth.positives()

/** Network share of 10 × 20 slots over some new viewers who follow two of what they are shown. */
function share(recommender: Recommender, contacts: readonly string[], random: Random): number {
  let hits = 0
  let slots = 0
  for (const contact of contacts) {
    const history = [contact]
    for (let refresh = 0; refresh < 10; refresh++) {
      const shown = recommender.recommend('acct-new', 20, history)
      hits += shown.filter((id) => positives.has(recommender.ownerOf(id))).length
      slots += shown.length
      history.push(...sample(random, shown, 2))
    }
  }
  return hits / slots
}

const touched = sample(seededRandom('touched'), [...world.truth.hubs], 12)
const harmless = world.unrelatedSeeds(12, 5)

for (const name of ['coFollow', 'itemBased', 'content'] as const) {
  test(`${all[name].name}: one contact with the network brings it into a tenth of the slots or more; a benign one hardly ever`, () => {
    const after = share(all[name], touched, seededRandom(1))
    const control = share(all[name], harmless, seededRandom(1))
    assert.ok(after >= 0.1, `after a contact ${after}`)
    assert.ok(control < 0.06 && control < after / 4, `after a benign contact ${control}`)
  })
}

test('popularity, the control, does not care whom a viewer touched', () => {
  const after = share(all.popularity, touched, seededRandom(1))
  const control = share(all.popularity, harmless, seededRandom(1))
  assert.ok(Math.abs(after - control) < 0.05, `${after} and ${control}`)
})

test('nothing already chosen, nobody twice and not the viewer is recommended; the same question gets the same answer', () => {
  for (const recommender of Object.values(all)) {
    const history: string[] = recommender.recommend(touched[0]!, 5, [touched[1]!])
    const shown: string[] = recommender.recommend(touched[0]!, 20, history)
    assert.equal(new Set(shown).size, shown.length)
    assert.ok(!shown.includes(touched[0]!) && !shown.some((id) => history.includes(id)))
    assert.deepEqual(shown, recommender.recommend(touched[0]!, 20, history))
  }
})

test('a history of strangers is no error', () => {
  for (const recommender of Object.values(all))
    assert.ok(recommender.recommend('nobody', 20, ['nothing', 'acct-x']).length <= 20)
})
