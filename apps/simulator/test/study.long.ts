import assert from 'node:assert/strict'
import test from 'node:test'
import { generateWorld } from '../src/index.ts'

test('study: a million accounts, 405 hubs of which 112 share exactly 22,000 followers', () => {
  const world = generateWorld({ scenario: 'study', seed: 1 })
  const { truth } = world
  assert.equal(world.accountCount, 1_000_000)
  assert.equal(truth.hubs.size, 405)
  assert.equal(truth.core.size, 112)
  assert.equal(truth.backups.size, 260)
  assert.equal(truth.returners.size, 70)
  const followers = new Set<string>()
  for (const [source, target, relation] of world.edges())
    if (relation === 'follow' && truth.core.has(target)) followers.add(source)
  assert.equal(followers.size, 22_000)
  assert.ok(world.parts.edges.count > 8e6 && world.parts.edges.count < 13e6)
})
