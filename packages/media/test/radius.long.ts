import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import { HASH_BYTES, RadiusIndex } from '../src/index.ts'
import { type Distribution, hashSet } from './hash-sets.ts'

const COUNT = 1_000_000
const QUERIES = 100

for (const distribution of ['uniform', 'picture-like'] satisfies Distribution[]) {
  test(`among a million ${distribution} hashes the chunks find exactly what a pass over all finds`, () => {
    const random = seededRandom(distribution)
    const hashes = hashSet(distribution, COUNT)
    const index = RadiusIndex.build(hashes)
    const scan = RadiusIndex.build(hashes, 31, 1)
    for (let q = 0; q < QUERIES; q++) {
      const entry = Math.floor(random() * COUNT)
      const query = hashes.slice(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)
      for (let bits = q % 40; bits > 0; bits--)
        query[Math.floor(random() * HASH_BYTES)]! ^= 1 << Math.floor(random() * 8)
      for (const radius of [31, q % 32]) assert.deepEqual(index.search(query, radius), scan.search(query, radius))
    }
  })
}

test('a memory that is compacted again and again does not grow', async () => {
  const hashes = hashSet('uniform', 200_000)
  const index = RadiusIndex.build(hashes)
  const resident: number[] = []
  for (let round = 0; round < 60; round++) {
    index.add(hashes.subarray(0, HASH_BYTES))
    index.compact()
    await new Promise((done) => setImmediate(done))
    resident.push(process.memoryUsage.rss())
  }
  const early = Math.max(...resident.slice(0, 20))
  assert.ok(Math.max(...resident.slice(40)) < early + 3 * index.memoryBytes)
})
