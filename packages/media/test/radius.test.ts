import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { isFirebreakError, type Random, seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { compactInBackground, HASH_BYTES, parseHash, RadiusIndex } from '../src/index.ts'
import { linearScan } from '../src/radius/linear-scan.ts'
import { BIT_ORDER } from '../src/radius/permutation.ts'
import { choosePlan, reachesFor } from '../src/radius/plan.ts'

const data = join(import.meta.dirname, '../../../../shared/data/pdq')

function uniform(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count * HASH_BYTES }, () => random() * 256)
}

function at(hashes: Uint8Array, entry: number): Uint8Array {
  return hashes.slice(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)
}

/** The hash with `bits` different bits flipped. */
function near(random: Random, hash: Uint8Array, bits: number): Uint8Array {
  const order = Array.from({ length: 256 }, (_, bit) => bit)
  const changed = hash.slice()
  for (let i = 0; i < bits; i++) {
    const j = i + Math.floor(random() * (256 - i))
    const bit = order[j]!
    order[j] = order[i]!
    changed[bit >> 3]! ^= 1 << (bit & 7)
  }
  return changed
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(hashes))
}

/** Queries near stored hashes at every distance up to somewhat beyond the radius, and unrelated ones. */
function agrees(random: Random, hashes: Uint8Array, radius = 31, queries = 60): void {
  const index = RadiusIndex.build(hashes, radius)
  const count = hashes.length / HASH_BYTES
  for (let q = 0; q < queries; q++) {
    const base = count > 0 && q % 4 !== 3 ? at(hashes, Math.floor(random() * count)) : uniform(random, 1)
    const query = near(random, base, q % (radius + 6))
    assert.deepEqual(index.search(query), linearScan(hashes, query, radius))
  }
}

test('the index answers exactly as a scan of all hashes: none, one, a few, many', () => {
  const random = seededRandom('sizes')
  for (const count of [0, 1, 2, 100, 4000, 20_000, 60_000])
    agrees(random, uniform(random, count), 31, count > 10_000 ? 25 : 60)
})

test('every radius is answered exactly, planned for or not', () => {
  const random = seededRandom('radii')
  const hashes = uniform(random, 20_000)
  for (const planned of [0, 3, 31, 64]) {
    const index = RadiusIndex.build(hashes, planned)
    for (const radius of [0, 1, 2, 5, 15, 30, 31, 32, 48, 90, 128]) {
      const query = near(random, at(hashes, radius * 7), Math.floor(random() * (radius + 1)))
      assert.deepEqual(index.search(query, radius), linearScan(hashes, query, radius), `${planned} ${radius}`)
    }
    assert.equal(index.search(at(hashes, 1), 256).length, 20_000)
    assert.deepEqual([index.search(at(hashes, 1), -1), index.search(at(hashes, 1), Number.NaN)], [[], []])
  }
})

test('real hashes, whose bits depend on each other, are answered exactly', {
  skip: existsSync(data) ? false : 'no ../shared/data',
}, () => {
  const random = seededRandom('real')
  const lines = (file: string) =>
    readFileSync(join(data, file), 'utf8')
      .split('\n')
      .map((line) => line.trim().split(',')[0]!)
      .filter((line) => /^[0-9a-f]{64}$/.test(line))
  const real = lines('real-hashes.txt').map(parseHash)
  assert.ok(real.length >= 1350)
  const planted = Array.from({ length: 12 }, () =>
    real.map((hash) => near(random, hash, Math.floor(random() * 40))),
  ).flat()
  const hashes = joined([...real, ...planted])
  agrees(random, hashes)
  const index = RadiusIndex.build(hashes)
  for (const needle of lines('real-needles.txt').map(parseHash))
    assert.deepEqual(index.search(needle), linearScan(hashes, needle, 31))
})

test('hashes made to fall into the same buckets are answered exactly', () => {
  const random = seededRandom('skewed')
  const one = uniform(random, 1)
  const cases: Record<string, Uint8Array> = {
    'all equal': joined(Array(9000).fill(one)),
    'all within reach of one': joined(Array.from({ length: 9000 }, () => near(random, one, Math.floor(random() * 31)))),
    'half share 240 bits': joined(
      Array.from({ length: 9000 }, (_, i) =>
        i % 2 ? uniform(random, 1) : joined([one.subarray(0, 30), uniform(random, 1).subarray(30)]),
      ),
    ),
    'one in a hundred shares every second byte': joined(
      Array.from({ length: 20_000 }, (_, i) =>
        uniform(random, 1).map((byte, k) => (i % 100 === 0 && k % 2 ? one[k]! : byte)),
      ),
    ),
    'zeros and ones only': joined(Array.from({ length: 6000 }, (_, i) => new Uint8Array(32).fill(i % 2 ? 255 : 0))),
    'two bits set': joined(Array.from({ length: 6000 }, () => near(random, new Uint8Array(32), 2))),
  }
  for (const [name, hashes] of Object.entries(cases)) {
    const index = RadiusIndex.build(hashes)
    for (const bits of [0, 5, 16, 31, 33]) {
      const query = near(random, at(hashes, 7), bits)
      assert.deepEqual(index.search(query), linearScan(hashes, query, 31), `${name}, ${bits}`)
    }
  }
})

test('differences placed so that every chunk but one is out of reach are still found, at exactly the radius', () => {
  const random = seededRandom('worst')
  const hashes = uniform(random, 20_000)
  const index = RadiusIndex.build(hashes)
  const { widths } = choosePlan(20_000, 31)!
  const reaches = reachesFor({ widths }, 20_000, 31)!
  for (const [saving] of widths.entries()) {
    const query = at(hashes, saving)
    let first = 0
    for (const [chunk, width] of widths.entries()) {
      for (let i = 0; i < reaches[chunk]! - (chunk === saving ? 1 : 0); i++) {
        const bit = BIT_ORDER.indexOf(first + i)
        query[bit >> 3]! ^= 1 << (bit & 7)
      }
      first += width
    }
    assert.deepEqual(index.search(query), [{ entry: saving, distance: 31 }])
  }
})

test('added hashes are found and removed ones are not, from the next search on, also after compaction', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0, 1, 50, 6000), fc.integer({ min: 1, max: 200 }), (seed, count, changes) => {
      const random = seededRandom(seed)
      const all = Array.from({ length: count }, () => uniform(random, 1))
      const gone = new Set<number>()
      const index = RadiusIndex.build(joined(all))
      const check = () => {
        assert.equal(index.size, all.length - gone.size)
        const base = all[Math.floor(random() * all.length)] ?? new Uint8Array(32)
        const query = near(random, base, Math.floor(random() * 32))
        const expected = linearScan(joined(all), query, 31).filter(({ entry }) => !gone.has(entry))
        assert.deepEqual(index.search(query), expected)
      }
      for (let i = 0; i < changes; i++) {
        const choice = random()
        if (choice < 0.6 || all.length === 0) {
          const hash = random() < 0.3 && all.length > 0 ? near(random, all[0]!, 4) : uniform(random, 1)
          assert.equal(index.add(hash), all.length)
          all.push(hash)
        } else {
          const entry = Math.floor(random() * all.length)
          index.remove(entry)
          gone.add(entry)
        }
        if (choice > 0.97) index.compact()
        if (i % 10 === 0) check()
      }
      index.compact()
      assert.equal(index.delta, 0)
      check()
    }),
    { numRuns: 25 },
  )
})

test('an index grows past the room it was built with', () => {
  const random = seededRandom('growth')
  const hashes = uniform(random, 10_000)
  const index = RadiusIndex.build(new Uint8Array())
  for (let entry = 0; entry < 10_000; entry++) index.add(at(hashes, entry))
  for (let q = 0; q < 20; q++) {
    const query = near(random, at(hashes, q * 400), q)
    assert.deepEqual(index.search(query), linearScan(hashes, query, 31))
  }
})

test('a stored index answers as before; anything else is refused with a code', () => {
  const random = seededRandom('stored')
  for (const count of [0, 3, 7000]) {
    const hashes = uniform(random, count)
    const index = RadiusIndex.build(hashes, 20)
    const added = uniform(random, 1)
    index.add(added)
    if (count > 0) index.remove(1)
    const buffer = index.toBuffer()
    const again = RadiusIndex.from(buffer)
    assert.deepEqual([again.size, again.radius, again.delta], [index.size, 20, 1])
    for (const query of [
      added,
      near(random, added, 20),
      uniform(random, 1),
      ...(count > 0 ? [at(hashes, 0), at(hashes, 1)] : []),
    ])
      assert.deepEqual(again.search(query), index.search(query))
    assert.equal(again.add(added), count + 1)
    const refused = (change: (words: Uint32Array) => void, code: string) => {
      const copy = buffer.slice(0)
      change(new Uint32Array(copy))
      assert.throws(
        () => RadiusIndex.from(copy),
        (error) => isFirebreakError(error) && error.code === code,
      )
    }
    refused((words) => words.fill(1, 0, 1), 'media/index-buffer')
    refused((words) => words.fill(99, 1, 2), 'media/index-version')
    refused((words) => words.fill(7, words.length - 1), 'media/index-buffer')
    assert.throws(
      () => RadiusIndex.from(buffer.slice(0, buffer.byteLength - 4)),
      (error) => isFirebreakError(error) && error.code === 'media/index-buffer',
    )
    assert.throws(
      () => RadiusIndex.from(new ArrayBuffer(3)),
      (error) => isFirebreakError(error) && error.code === 'media/index-buffer',
    )
  }
})

test('compaction in the background keeps what is added and removed meanwhile', async () => {
  const random = seededRandom('background')
  const hashes = uniform(random, 30_000)
  const index = RadiusIndex.build(hashes.subarray(0, 29_000 * HASH_BYTES))
  for (let entry = 29_000; entry < 29_500; entry++) index.add(at(hashes, entry))
  index.remove(5)
  const compaction = compactInBackground(index)
  for (let entry = 29_500; entry < 30_000; entry++) index.add(at(hashes, entry))
  index.remove(6)
  index.remove(29_700)
  await compaction
  assert.ok(index.delta <= 500)
  assert.equal(index.size, 30_000 - 3)
  for (const entry of [5, 6, 7, 29_200, 29_700, 29_999]) {
    const query = near(random, at(hashes, entry), 10)
    const expected = linearScan(hashes, query, 31).filter((found) => ![5, 6, 29_700].includes(found.entry))
    assert.deepEqual(index.search(query), expected)
  }
})

test('a worker searches the same memory and sees what is added', async () => {
  const random = seededRandom('worker')
  const hashes = uniform(random, 9000)
  const index = RadiusIndex.build(hashes)
  const added = uniform(random, 1)
  index.add(added)
  const source = `
    import { parentPort, workerData } from 'node:worker_threads'
    import { RadiusIndex } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const reader = RadiusIndex.open(workerData.index)
    parentPort.postMessage([reader.size, ...workerData.queries.map((query) => reader.search(query))])
  `
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { index: index.share(), queries: [added, at(hashes, 3)] },
  })
  const [size, ...answers] = await new Promise<[number, ...unknown[]]>((done, fail) => {
    worker.once('message', done)
    worker.once('error', fail)
  })
  assert.deepEqual([size, ...answers], [9001, index.search(added), index.search(at(hashes, 3))])
})

test('where only the nearest are asked for, they are the first ones of the whole answer, and cheap', () => {
  const random = seededRandom('nearest')
  const one = uniform(random, 1)
  const alike = Array.from({ length: 60_000 }, (_, i) => near(random, one, i % 3 === 0 ? 0 : Math.floor(random() * 40)))
  const index = RadiusIndex.build(joined(alike.slice(0, 50_000)))
  for (const hash of alike.slice(50_000)) index.add(hash)
  const whole = index.search(one)
  assert.deepEqual(whole, linearScan(joined(alike), one, 31))
  for (const most of [1, 2, 100, 30_000, 100_000]) assert.deepEqual(index.search(one, 31, most), whole.slice(0, most))
  assert.deepEqual(index.search(one, 31, 0), [])
})

test('a plan reaches every hash within its radius: reaches sum to more than the radius, chunks do not overlap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000_000 }), fc.integer({ min: 0, max: 100 }), (count, radius) => {
      const plan = choosePlan(count, radius)
      if (!plan) return
      assert.ok(plan.widths.reduce((sum, width) => sum + width, 0) <= 256)
      for (const within of [radius, radius >> 1, 0])
        assert.equal(
          reachesFor(plan, count, within)?.reduce((sum, reach) => sum + reach, 0),
          within + 1,
        )
    }),
    { numRuns: 40 },
  )
})

test('wrong hashes and entries are refused with a code', () => {
  const index = RadiusIndex.build(new Uint8Array(64))
  const refused = (run: () => unknown, code: string) =>
    assert.throws(run, (error) => isFirebreakError(error) && error.code === code)
  refused(() => RadiusIndex.build(new Uint8Array(33)), 'media/hash')
  refused(() => index.add(new Uint8Array(31)), 'media/hash')
  refused(() => index.search(new Uint8Array(33)), 'media/hash')
  for (const entry of [2, -1, 0.5, Number.NaN]) refused(() => index.remove(entry), 'media/entry')
})
