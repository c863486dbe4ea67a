import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { type HashedMedia, HashingPool } from '../src/media/index.ts'

const pools: HashingPool[] = []
after(() => Promise.all(pools.map((pool) => pool.close())))

function open(settings: ConstructorParameters<typeof HashingPool>[0]): HashingPool {
  const pool = new HashingPool(settings)
  pools.push(pool)
  return pool
}

function noise(size: number): Promise<Buffer> {
  return sharp({
    create: {
      width: size,
      height: size,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  })
    .png()
    .toBuffer()
}

function outcome({ hashes, failures }: HashedMedia): string {
  return hashes[0]?.type ?? failures[0]?.code ?? 'nothing'
}

test('many media are hashed by few processes, each answer for its own medium', async () => {
  const pool = open({ workers: 2 })
  const media = await Promise.all(Array.from({ length: 8 }, (_, i) => noise(64 + i)))
  const [first, again] = await Promise.all([
    Promise.all(media.map((bytes) => pool.hash(bytes, ['pdq', 'sha256']))),
    Promise.all(media.map((bytes) => pool.hash(bytes, ['pdq', 'sha256']))),
  ])
  assert.deepEqual(first, again)
  assert.equal(new Set(first.flatMap(({ hashes }) => hashes.map(({ hash }) => hash))).size, 16)
  assert.ok(pool.processes.length <= 2)
  assert.equal(pool.pending, 0)
})

test('kill -9 of the hashing processes loses nothing: every medium is hashed or reported, and later ones are hashed', async () => {
  const pool = open({ workers: 2 })
  const large = await noise(1500)
  const answers = Array.from({ length: 12 }, () => pool.hash(large, ['pdq']))
  await Promise.race(answers)
  const killed = pool.processes
  for (const id of killed) process.kill(id, 'SIGKILL')
  const outcomes = (await Promise.all(answers)).map(outcome)
  const lost = outcomes.filter((one) => one === 'media/worker-lost').length
  assert.ok(lost >= 1 && lost <= killed.length, `${lost} lost`)
  assert.equal(outcomes.filter((one) => one === 'pdq').length, 12 - lost)
  assert.equal(outcome(await pool.hash(large, ['pdq'])), 'pdq')
})

test('a medium that takes too long is given up with a code, and the pool goes on', async () => {
  const pool = open({ workers: 1, killAfterMs: 1 })
  const { failures } = await pool.hash(await noise(1500), ['pdq', 'md5'])
  assert.deepEqual(
    failures.map(({ type, code, retry }) => [type, code, retry]),
    [
      ['pdq', 'media/timeout', true],
      ['md5', 'media/timeout', true],
    ],
  )
  assert.deepEqual(pool.processes, [])
})

test('what is aborted, waiting or running, is answered', async () => {
  const pool = open({ workers: 1 })
  const stop = new AbortController()
  const large = await noise(1500)
  const answers = [1, 2].map(() => pool.hash(large, ['pdq'], stop.signal))
  const kept = pool.hash(await noise(64), ['pdq'])
  stop.abort()
  assert.deepEqual((await Promise.all(answers)).map(outcome), ['media/aborted', 'media/aborted'])
  assert.equal(outcome(await kept), 'pdq')
  assert.equal(outcome(await pool.hash(large, ['pdq'], stop.signal)), 'media/aborted')
})

test('closing answers what is pending', async () => {
  const pool = open({ workers: 1 })
  const answers = Array.from({ length: 3 }, async () => pool.hash(await noise(800), ['pdq']))
  await new Promise((done) => setTimeout(done, 50))
  await pool.close()
  for (const answer of await Promise.all(answers)) assert.match(outcome(answer), /^(media\/aborted|pdq)$/)
  assert.equal(outcome(await pool.hash(await noise(64), ['pdq'])), 'media/aborted')
})
