import assert from 'node:assert/strict'
import test from 'node:test'
import { isFirebreakError, seededRandom } from '@firebreak/kernel'
import {
  benignWithheld,
  type ProbePlan,
  type ProbeRecommender,
  probeGate,
  type Refresh,
  runProbes,
} from '../src/index.ts'

const NETWORK = new Set(Array.from({ length: 40 }, (_, i) => `net-${i}`))

/** Proposes more of the network the more of it one has chosen: a platform that pulls people in. */
function pulling(): ProbeRecommender {
  return {
    name: 'pulling',
    surface: 'recommend_accounts',
    async recommend({ history, limit }) {
      const random = seededRandom(history.join())
      const chosen = history.filter((id) => NETWORK.has(id)).length
      const list = new Set<string>()
      while (list.size < limit) {
        const fromNetwork = random() < Math.min(0.8, chosen * 0.25) && list.size < 40
        const id = fromNetwork ? `net-${Math.floor(random() * 40)}` : `good-${Math.floor(random() * 500)}`
        if (!history.includes(id)) list.add(id)
      }
      return [...list].map((id) => ({ id, owner: id }))
    },
  }
}

function plan(changes: Partial<ProbePlan> = {}): ProbePlan {
  return {
    recommender: pulling(),
    guard: async ({ candidates }) => candidates.map(({ owner }) => !NETWORK.has(owner)),
    network: NETWORK,
    contacts: { network: ['net-1', 'net-2', 'net-3'], benign: ['good-1', 'good-2'] },
    random: seededRandom(1),
    ...changes,
  }
}

function armOf(result: Awaited<ReturnType<typeof runProbes>>, name: string, guarded: boolean) {
  return result.arms.find((arm) => arm.name === name && arm.guarded === guarded)!
}

test('without a guard one contact pulls a probe in; a benign contact does not; a perfect guard stops it', async () => {
  const result = await runProbes(plan())
  const before = armOf(result, 'contact', false)
  assert.equal(before.points.length, 10)
  assert.equal(before.total.slots, 30 * 10 * 20)
  assert.ok(before.points[9]!.share > before.points[0]!.share, 'it grows from refresh to refresh')
  assert.ok(before.total.low > 0.1)
  assert.equal(armOf(result, 'benign', false).total.share, 0)
  const after = armOf(result, 'contact', true)
  assert.equal(after.total.share, 0)
  assert.equal(after.total.slots, 30 * 10 * 20, 'what is withheld is replaced')
  assert.ok(after.total.high > 0 && after.total.high < 0.001, 'no hit is not certainty')
  assert.equal(result.benignWithheld!.share, 0)
})

test('the same draws give the same result, whatever the guard does in between', async () => {
  const one = await runProbes(plan())
  assert.deepEqual(await runProbes(plan()), one)
  const alone = await runProbes(plan({ guard: null }))
  assert.deepEqual(armOf(alone, 'contact', false), armOf(one, 'contact', false))
  assert.equal(alone.benignWithheld, null)
})

test('the gate passes on the upper end of the interval: a good guard with enough probes, nothing else', async () => {
  assert.equal(probeGate(await runProbes(plan())).pass, true)
  assert.equal(probeGate(await runProbes(plan({ replicates: 5 }))).pass, false, 'too few probes')
  assert.equal(probeGate(await runProbes(plan({ guard: null }))).pass, false, 'no guard')
  const leaky = plan({ guard: async ({ candidates }) => candidates.map(({ owner }) => owner !== 'net-7') })
  assert.equal(probeGate(await runProbes(leaky)).pass, false, 'a leaky guard')
})

test('a guard that withholds everything leaves slots empty, shows no network and fails the benign limit', async () => {
  const result = await runProbes(plan({ guard: async ({ candidates }) => candidates.map(() => false) }))
  assert.equal(armOf(result, 'contact', true).total.share, 0)
  assert.equal(armOf(result, 'contact', true).filled, 0)
  assert.equal(result.benignWithheld!.share, 1)
  assert.equal(result.benignWithheld!.mostlyWithheldShare, 1)
  const gate = probeGate(result, { benignWithheld: 0.005 })
  assert.equal(gate.pass, false)
  assert.equal(gate.checks.at(-1)!.pass, false)
})

test('what the guard leaves empty is filled by the fallback, guarded too, and counted', async () => {
  const popular: ProbeRecommender = {
    name: 'popular',
    surface: 'recommend_accounts',
    recommend: async ({ limit }) =>
      Array.from({ length: limit }, (_, i) => (i % 5 === 0 ? `net-${i % 40}` : `star-${i}`)).map((id) => ({
        id,
        owner: id,
      })),
  }
  const onlyNetwork: ProbeRecommender = {
    ...popular,
    name: 'only network',
    recommend: async ({ limit }) =>
      Array.from({ length: limit }, (_, i) => ({ id: `net-${i % 40}`, owner: `net-${i % 40}` })),
  }
  const empty = armOf(await runProbes(plan({ recommender: onlyNetwork })), 'contact', true)
  assert.equal(empty.filled, 0)
  const filled = armOf(await runProbes(plan({ recommender: onlyNetwork, fallback: popular })), 'contact', true)
  assert.equal(filled.filled, 1)
  assert.equal(filled.total.share, 0, 'the network in the fallback is withheld as well')
  const open = await runProbes(
    plan({ recommender: onlyNetwork, fallback: popular, guard: async ({ candidates }) => candidates.map(() => true) }),
  )
  assert.equal(armOf(open, 'contact', true).total.share, 1, 'a guard that lets everything through never needs it')
})

test('the guard sees viewer, history and candidates, and never the truth', async () => {
  const fields = new Set<string>()
  await runProbes(
    plan({
      replicates: 2,
      guard: async (request) => {
        for (const name of Object.keys(request)) fields.add(name)
        assert.ok(request.history.length >= 1)
        return request.candidates.map(() => true)
      },
    }),
  )
  assert.deepEqual([...fields].sort(), ['candidates', 'history', 'surface', 'viewer'])
})

test('ordinary viewers count towards what the guard costs', async () => {
  const viewers = [
    { viewer: 'a', history: ['good-3'] },
    { viewer: 'b', history: ['good-4'] },
  ]
  const strictWithA = plan({
    replicates: 2,
    viewers,
    guard: async ({ viewer, candidates }) => candidates.map(() => viewer !== 'a'),
  })
  const result = await runProbes(strictWithA)
  assert.ok(result.benignWithheld!.share > 0)
})

test('withheld accounts are counted by viewer and by slice', () => {
  const look = (kept: Record<string, boolean>): Refresh => ({
    slots: 2,
    shown: [],
    judged: Object.entries(kept).map(([id, ok]) => ({ candidate: { id, owner: id }, kept: ok })),
  })
  const viewers = [
    [look({ x: false, y: true })],
    [look({ x: false, y: true })],
    [look({ x: true, y: false, 'net-1': false })],
  ]
  const cost = benignWithheld(viewers, NETWORK, (account) => ({ language: account === 'x' ? 'en' : 'es' }))
  assert.equal(cost.slots, 6)
  assert.equal(cost.share, 0.5)
  assert.equal(cost.accounts, 2)
  assert.equal(cost.mostlyWithheld, 1, 'x is withheld from two viewers of three, y from one')
  assert.deepEqual(
    cost.slices.map(({ by, value, slots, share }) => [by, value, slots, Math.round(share * 3)]),
    [
      ['language', 'en', 3, 2],
      ['language', 'es', 3, 1],
    ],
  )
})

test('probing without contacts is refused', async () => {
  await assert.rejects(
    runProbes(plan({ contacts: { network: [], benign: ['x'] } })),
    (error) => isFirebreakError(error) && error.code === 'input/invalid',
  )
})

test('contacts that the recommender does not know are named, and a gate over them fails as nothing measured', async () => {
  const strangers = { network: ['SEED-1', 'net-1', 'SEED-2'], benign: ['good-1'] }
  const listing: ProbeRecommender = {
    name: 'listing',
    surface: 'recommend_accounts',
    async recommend({ history, limit }) {
      const near = history.some((id) => NETWORK.has(id)) ? ['net-7', 'net-8'] : []
      const good = Array.from({ length: 60 }, (_, i) => `good-${i}`)
      const list = [...near, ...good].filter((id) => !history.includes(id)).slice(0, limit)
      return list.map((id) => ({ id, owner: id }))
    },
  }
  const some = await runProbes(plan({ recommender: listing, contacts: strangers, replicates: 5 }))
  assert.deepEqual(some.contacts?.network, { asked: 3, unheard: ['SEED-1', 'SEED-2'] })
  assert.equal(some.contacts?.benign.unheard.length, 1, 'a benign contact that changes nothing is counted, not wrong')
  const none = await runProbes(
    plan({ recommender: listing, contacts: { network: ['SEED-1'], benign: ['good-1'] }, replicates: 30 }),
  )
  const gate = probeGate(none)
  assert.equal(gate.pass, false)
  assert.match(gate.checks[0]!.what, /^nothing measured/)
  assert.equal(probeGate({ ...none, contacts: { ...none.contacts!, network: { asked: 1, unheard: [] } } }).pass, true)
})

test('a recommender that shows nothing without a history, and something after a contact, knows the contact', async () => {
  const items: ProbeRecommender = {
    name: 'items',
    surface: 'recommend_accounts',
    recommend: async ({ history }) => (history.includes('net-1') ? [{ id: 'net-9', owner: 'net-9' }] : []),
  }
  const result = await runProbes(
    plan({ recommender: items, contacts: { network: ['net-1', 'net-2'], benign: ['good-1'] }, replicates: 2 }),
  )
  assert.deepEqual(result.contacts?.network, { asked: 2, unheard: ['net-2'] })
})
