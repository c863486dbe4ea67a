import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { generateWorld, writeWorld } from '../src/index.ts'

test('a world is written as files that a stranger can use, with the truth apart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'world-'))
  try {
    const world = generateWorld({ scenario: 'small', seed: 1 })
    const reported: string[] = []
    await writeWorld(world, dir, ({ file }) => reported.push(file))
    const lines = (name: string) => readFileSync(join(dir, name), 'utf8').trimEnd().split('\n')
    const follows = lines('follows.csv')
    assert.equal(follows[0], 'source,target')
    assert.match(follows[1]!, /^acct-\d+,acct-\d+$/)
    assert.equal(lines('relations.csv')[0], 'source,target,relation,weight,at')
    const edges = follows.length - 1 + lines('relations.csv').length - 1
    assert.equal(edges, world.parts.edges.count)
    assert.deepEqual(lines('seeds.txt'), world.suggestedSeeds(3))
    assert.equal(JSON.parse(lines('events.jsonl').at(-1)!).actor.type, 'account')
    assert.ok(lines('truth/accounts.csv').includes(`${[...world.truth.hubs][0]},hubs`))
    assert.equal(statSync(join(dir, 'follows.csv')).mode & 0o777, 0o600)
    assert.ok(reported.length >= 5)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a folder that cannot be written is an error, not a hang', async () => {
  const world = generateWorld({ scenario: 'small', seed: 1 })
  await assert.rejects(writeWorld(world, '/dev/null/world'))
})
