import assert from 'node:assert/strict'
import test from 'node:test'
import type { NetworkMap, NetworkRole, RankedAccount } from '@firebreak/graph'
import { ADJACENT_FROM, drawingOf, networkLabels, pseudonymous, pseudonymsFrom } from '@firebreak/networks'

function row(account: string, probability: number, role: NetworkRole, member = false): RankedAccount {
  const evidence = [{ seed: 'seed-1', via: 'm-1', relations: ['follow', '<follow'], weight: 1 }]
  return { account, score: probability, probability, member, role, evidence, sentence: `knows seed-1 over m-1` }
}

const map: NetworkMap = {
  isNetwork: true,
  networkProbability: 0.97,
  reason: 'The seeds lead to each other.',
  seeds: [
    { account: 'seed-1', known: true, fits: true, fit: 1 },
    { account: 'seed-2', known: true, fits: false, fit: 0 },
    { account: 'ghost', known: false, fits: false, fit: 0 },
  ],
  accounts: [
    row('m-1', 0.9, 'hub', true),
    row('near-1', 0.2, 'bystander'),
    row('near-2', 0.04, 'bystander'),
    row('child-1', 0, 'likely-victim'),
    row('far-1', 0.001, 'audience'),
  ],
  audienceCount: 1,
  edges: [{ source: 'm-1', target: 'seed-1', relation: 'follow', weight: 1, directed: true }],
  cut: { threshold: 0.5, size: 1, borderline: ['near-1'] },
}

test('members and fitting seeds are labelled for thirty days, misfits and unknown seeds are not', () => {
  const labels = networkLabels(map, 'n-1', Date.UTC(2026, 0, 1))
  const members = labels.filter((label) => label.value === 'network-member')
  assert.deepEqual(
    members.map((label) => label.subject.id),
    ['seed-1', 'm-1'],
  )
  assert.ok(labels.every((label) => label.expiresAt === '2026-01-31T00:00:00.000Z' && label.caseId === 'n-1'))
})

test('nothing about a likely victim can be told from its label', () => {
  const labels = new Map(networkLabels(map, 'n-1', 0).map((label) => [label.subject.id, label]))
  const { subject: _victim, ...victim } = labels.get('child-1')!
  const { subject: _neighbour, ...neighbour } = labels.get('near-2')!
  assert.deepEqual(victim, neighbour)
  assert.equal(victim.probability, ADJACENT_FROM)
  assert.ok(!labels.has('far-1'))
})

test('seeds that are no network label nobody', () => {
  assert.deepEqual(networkLabels({ ...map, isNetwork: false }, 'n-1', 0), [])
})

test('under pseudonyms no id is left anywhere, and the same key gives the same names', () => {
  const hidden = pseudonymous(map, pseudonymsFrom(new Uint8Array(32)))
  const text = JSON.stringify(hidden)
  for (const id of ['seed-1', 'm-1', 'near-1', 'child-1', 'ghost']) assert.ok(!text.includes(id), id)
  assert.deepEqual(hidden, pseudonymous(map, pseudonymsFrom(new Uint8Array(32))))
  assert.notDeepEqual(hidden, pseudonymous(map, pseudonymsFrom(new Uint8Array(32).fill(1))))
})

test('likely victims and accounts far outside are never drawn', () => {
  const { nodes } = drawingOf(map)
  assert.deepEqual(
    nodes.map((node) => node.id),
    ['seed-1', 'seed-2', 'm-1', 'near-1'],
  )
})
