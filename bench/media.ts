/**
 * PDQ beside its C++ reference, and what hashing adds to decoding. `npm run bench -- media`; the reference:
 * `bash bench/peers/pdq/build.sh` first, else ours alone. One thread; peers take turns; medians. The C++ core is timed by
 * processor time, ours by the clock, which on a busy machine favours the peer; end to end both by processor time.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeImage, hasFfmpeg, hashMediaFile } from '@firebreak/intake'
import { seededRandom } from '@firebreak/kernel'
import { formatHash, hammingDistance, parseHash, parseVpdq, pdqHash } from '@firebreak/media'
import sharp from 'sharp'
import { PdqCore } from '../packages/media/src/core/pdq-core.ts'

const root = join(import.meta.dirname, '..')
const peer = join(root, '.cache/peers/pdq/pdq-peer')
const data = join(root, '../shared/data')
const SIDE = 512
const TURNS = 5
const ROUNDS = 60

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** Shapes and grain: a picture about as hard to compress as a photograph. */
async function photograph(width: number, height: number): Promise<Buffer> {
  const random = seededRandom(`photograph ${width} ${height}`)
  const shapes = Array.from({ length: 60 }, () => {
    const colour = [random(), random(), random()].map((value) => Math.floor(value * 255))
    const [x, y, r] = [random() * width, random() * height, (0.03 + random() * 0.2) * width]
    return `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * random()}" fill="rgb(${colour})" opacity="0.7"/>`
  })
  const grain = await sharp({
    create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 25 } },
  })
    .png()
    .toBuffer()
  const drawn = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`,
  )
  return await sharp(drawn)
    .flatten({ background: '#888' })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

function ourCore(luma: Float32Array, core: PdqCore): { times: number[]; hash: string } {
  const times: number[] = []
  let hash = ''
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    const result = core.hashLuma(luma, SIDE, SIDE)
    times.push((performance.now() - start) * 1000)
    hash = `${formatHash(result.hash)} ${result.quality}`
  }
  return { times, hash }
}

function peerCore(luma: Float32Array): { times: number[]; hash: string } {
  const input = Buffer.concat([Buffer.from(new Int32Array([SIDE, SIDE]).buffer), Buffer.from(luma.buffer)])
  const { stdout, status } = spawnSync(peer, [String(ROUNDS)], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the C++ reference ended with ${status}`)
  const [hash, quality, ...times] = stdout.trim().split(' ')
  return { times: times.map(Number), hash: `${hash} ${quality}` }
}

async function coreTable(): Promise<void> {
  const { data: pixels } = await sharp(await photograph(SIDE, SIDE))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const luma = Float32Array.from(pixels)
  const core = new PdqCore()
  ourCore(luma, core)
  const turns = Array.from({ length: TURNS }, () => ({
    ours: ourCore(luma, core),
    peer: existsSync(peer) ? peerCore(luma) : null,
  }))
  const ours = median(turns.flatMap((turn) => turn.ours.times))
  const theirs = turns.flatMap((turn) => turn.peer?.times ?? [])
  console.log(`\nPDQ core: ${SIDE} × ${SIDE} brightness values to hash and quality`)
  const row = (name: string, micros: number) => ({
    core: name,
    'µs (median)': Math.round(micros),
    'hashes/s': Math.round(1e6 / micros),
    'Firebreak is': micros === ours ? '' : `${(micros / ours).toFixed(1)} × as fast`,
  })
  console.table([
    row('Firebreak, WebAssembly SIMD', ours),
    ...(theirs.length > 0 ? [row('C++ reference, g++ -O3', median(theirs))] : []),
  ])
  if (theirs.length === 0) console.log('without the C++ reference: bash bench/peers/pdq/build.sh')
  else console.log(`same hash and quality: ${turns.every((turn) => turn.ours.hash === turn.peer?.hash)}`)
}

async function decodeTable(): Promise<void> {
  sharp.concurrency(1)
  sharp.cache(false)
  const rows = []
  for (const [width, height] of [
    [1600, 1004],
    [512, 512],
    [256, 256],
    [4000, 3000],
  ] as const) {
    const jpeg = await photograph(width, height)
    const alone: number[] = []
    const both: number[] = []
    for (let round = 0; round < (width > 2000 ? 25 : 81); round++) {
      const decoding = async () => void (await sharp(jpeg).raw().toBuffer())
      const hashing = async () => {
        const decoded = await decodeImage(jpeg)
        if (decoded.ok) pdqHash(decoded.pixels, decoded.width, decoded.height, decoded.channels)
      }
      alone.push(await timed(decoding))
      both.push(await timed(hashing))
    }
    rows.push({
      JPEG: `${width} × ${height}, ${Math.round(jpeg.length / 1000)} kB`,
      'sharp alone ms': Number(median(alone).toFixed(2)),
      'decodeImage + pdqHash ms': Number(median(both).toFixed(2)),
      'rate of decoding alone': `${((100 * median(alone)) / median(both)).toFixed(0)} %`,
    })
  }
  console.log('\nEnd to end: bytes of a JPEG to hash, beside sharp decoding alone')
  console.table(rows)
}

/** Processor time in milliseconds, all threads of this program. */
async function timed(run: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

async function referenceTable(): Promise<void> {
  if (!existsSync(join(data, 'pdq'))) return console.log('\nreference pictures and videos: SKIPPED, no ../shared/data')
  const rows = readFileSync(join(data, 'pdq/reference.csv'), 'utf8').trim().split('\n').slice(1)
  let same = 0
  for (const row of rows) {
    const [file, hash, quality] = row.split(',')
    const { hashes } = await hashMediaFile(join(data, 'pdq/images', file!), ['pdq'])
    if (hashes[0]?.hash === hash && hashes[0]?.quality === Number(quality)) same++
  }
  console.log(`\nreference pictures with distance 0 and equal quality: ${same} of ${rows.length}`)
  if (!(await hasFfmpeg())) return console.log('reference videos: SKIPPED, no ffmpeg')
  console.table(
    await Promise.all(
      readdirSync(join(data, 'vpdq'))
        .filter((file) => file.endsWith('.mp4'))
        .map(videoRow),
    ),
  )
}

async function videoRow(file: string): Promise<Record<string, string | number>> {
  const published = parseVpdq(readFileSync(join(data, 'vpdq', file.replace('.mp4', '.txt')), 'utf8'))
  const start = performance.now()
  const { hashes } = await hashMediaFile(join(data, 'vpdq', file), ['vpdq'], { secondsPerFrame: 0 })
  const seconds = (performance.now() - start) / 1000
  const good = published.flatMap((feature, i) => {
    const ours = hashes[i]
    return feature.quality >= 50 && ours ? [hammingDistance(parseHash(feature.hash), parseHash(ours.hash))] : []
  })
  return {
    video: file,
    frames: `${hashes.length} of ${published.length}`,
    'quality ≥ 50': good.length,
    'mean distance': Number((good.reduce((sum, distance) => sum + distance, 0) / good.length).toFixed(2)),
    'greatest (tolerance < 31)': Math.max(...good),
    'frames/s with ffmpeg': Math.round(hashes.length / seconds),
  }
}

await coreTable()
await decodeTable()
await referenceTable()
