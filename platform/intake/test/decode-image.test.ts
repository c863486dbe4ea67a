import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import { hammingDistance, parseHash, pdqHash } from '@firebreak/media'
import sharp, { type Sharp } from 'sharp'
import { type Decoded, decodeFrames, decodeImage, hashMedia, mediaKind } from '../src/media/index.ts'

const WIDTH = 300
const HEIGHT = 200

/** Coloured rectangles: enough to see for a hash of quality 100. */
function scene(seed: number, grey = false): Sharp {
  const random = seededRandom(`scene ${seed}`)
  const shapes = Array.from({ length: 14 }, () => {
    const colour = [random(), random(), random()].map((value) => Math.floor(value * 255))
    const fill = grey ? [colour[0], colour[0], colour[0]] : colour
    return `<rect x="${random() * 250}" y="${random() * 150}" width="${20 + random() * 120}" height="${20 + random() * 80}" fill="rgb(${fill})"/>`
  })
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${shapes.join('')}</svg>`),
  ).flatten()
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const decoded = await decodeImage(bytes)
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.detail)
  return pdqHash(decoded.pixels, decoded.width, decoded.height, decoded.channels).hash
}

const distance = (a: string, b: string) => hammingDistance(parseHash(a), parseHash(b))
const codeOf = (decoded: Decoded) => (decoded.ok ? 'ok' : decoded.code)
const original = await hashOf(await scene(1).png().toBuffer())

test('one picture in many formats and colour modes keeps its hash', async () => {
  const modes: Record<string, [Promise<Buffer>, number]> = {
    webp: [scene(1).webp({ lossless: true }).toBuffer(), 0],
    tiff: [scene(1).tiff({ compression: 'lzw' }).toBuffer(), 0],
    'png of 16 bits': [scene(1).toColourspace('rgb16').png().toBuffer(), 0],
    'png with transparency': [scene(1).ensureAlpha(0.5).png().toBuffer(), 0],
    'png with a palette': [scene(1).png({ palette: true }).toBuffer(), 4],
    gif: [scene(1).gif().toBuffer(), 6],
    avif: [scene(1).avif({ quality: 90 }).toBuffer(), 10],
    jpeg: [scene(1).jpeg({ quality: 90 }).toBuffer(), 6],
    'progressive jpeg': [scene(1).jpeg({ progressive: true, quality: 90 }).toBuffer(), 6],
    'jpeg in CMYK': [scene(1).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 14],
  }
  for (const [mode, [bytes, most]] of Object.entries(modes)) {
    const far = distance(await hashOf(await bytes), original)
    assert.ok(far <= most, `${mode}: ${far}`)
  }
})

test('a grey picture is hashed from one channel, as the reference does', async () => {
  const grey = await scene(2, true).toColourspace('b-w').png().toBuffer()
  const jpeg = await scene(2, true).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer()
  const deep = await scene(2, true).toColourspace('grey16').png().toBuffer()
  for (const bytes of [grey, deep, jpeg]) {
    const decoded = await decodeImage(bytes)
    assert.ok(decoded.ok)
    assert.deepEqual([decoded.channels, decoded.width, decoded.pixels.length], [1, WIDTH, WIDTH * HEIGHT])
  }
  assert.equal(await hashOf(grey), await hashOf(deep))
})

test('an orientation tag is not applied, as in the reference', async () => {
  const tagged = await scene(1).withMetadata({ orientation: 6 }).png().toBuffer()
  assert.equal(await hashOf(tagged), original)
})

test('a small picture is not enlarged before hashing', async () => {
  const decoded = await decodeImage(await scene(1).png().toBuffer())
  assert.deepEqual(decoded.ok && [decoded.width, decoded.height], [WIDTH, HEIGHT])
})

test('every distinct frame of an animation is hashed, the first one first', async () => {
  const frames = await Promise.all([1, 2, 1, 3].map((seed) => scene(seed).png().toBuffer()))
  for (const format of ['gif', 'webp'] as const) {
    const moving = await sharp(frames, { join: { animated: true } })
      [format]({ ...(format === 'webp' ? { lossless: true } : {}) })
      .toBuffer()
    const decoded = await decodeImage(moving)
    assert.deepEqual(decoded.ok && [decoded.frames, decoded.width, decoded.height], [4, WIDTH, HEIGHT], format)
    const { hashes } = await hashMedia(moving, ['pdq'])
    assert.deepEqual(
      hashes.map(({ frame }) => frame),
      [0, 1, 3],
      format,
    )
    for (const [i, seed] of [1, 2, 3].entries())
      assert.ok(distance(hashes[i]!.hash, await hashOf(await scene(seed).png().toBuffer())) <= 8, format)
    const few = await decodeFrames(moving, { maxFrames: 2 })
    assert.equal(few.ok && few.images.length, 2)
  }
})

test('a file cut short is decoded as far as it goes and marked, or refused with a code', async () => {
  for (const whole of [
    await scene(1).jpeg().toBuffer(),
    await scene(1).png().toBuffer(),
    await scene(1).gif().toBuffer(),
  ]) {
    const half = await decodeImage(whole.subarray(0, whole.length / 2))
    assert.equal(half.ok && half.damaged, true, mediaKind(whole)?.format)
    for (let length = 1; length < whole.length; length += Math.ceil(whole.length / 40)) {
      const decoded = await decodeImage(whole.subarray(0, length))
      if (!decoded.ok) assert.match(decoded.code, /^media\/(undecodable|unsupported)$/)
    }
  }
})

test('broken bytes never bring the program down', async () => {
  const random = seededRandom('flips')
  for (const make of [
    scene(1).jpeg(),
    scene(1).png(),
    scene(1).gif(),
    scene(1).webp(),
    scene(1).tiff(),
    scene(1).avif(),
  ]) {
    const whole = await make.toBuffer()
    for (let round = 0; round < 12; round++) {
      const broken = Uint8Array.from(whole)
      for (let i = 0; i < 1 + round * 2; i++)
        broken[16 + Math.floor(random() * (broken.length - 16))] = Math.floor(random() * 256)
      const decoded = await decodeImage(broken, { maxPixels: 10_000_000 })
      if (!decoded.ok) assert.match(decoded.code, /^media\/(undecodable|unsupported|too-many-pixels|timeout)$/)
    }
  }
})

test('a picture that would be huge is refused on its header', async () => {
  const bomb = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  assert.ok(bomb.length < 1_000_000)
  assert.equal(codeOf(await decodeImage(bomb, { maxPixels: 20_000_000 })), 'media/too-many-pixels')
  const header = Buffer.from(await scene(1).png().toBuffer())
  header.writeUInt32BE(2_000_000_000, 16)
  assert.match(codeOf(await decodeImage(header)), /^media\/(too-many-pixels|undecodable)$/)
})

test('bytes that are no picture, or too many of them, are refused with a code', async () => {
  assert.equal(codeOf(await decodeImage(new Uint8Array())), 'media/empty')
  assert.equal(codeOf(await decodeImage(await scene(1).png().toBuffer(), { maxBytes: 100 })), 'media/too-large')
  const vector = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/hostname"/></svg>',
  )
  for (const bytes of [
    vector,
    Buffer.from('%PDF-1.7'),
    Buffer.from('#EXTM3U\nfile:///etc/hostname'),
    Buffer.from('RIFFxxxxWAVE'),
    new Uint8Array(4096),
  ])
    assert.equal(codeOf(await decodeImage(bytes)), 'media/unsupported')
})

test('digests come also where there is no picture, and a picture too small to hash says so', async () => {
  const note = await hashMedia(Buffer.from('paper lantern'), ['pdq', 'md5', 'sha1', 'sha256'])
  assert.deepEqual(
    note.hashes.map(({ type, quality }) => [type, quality]),
    [
      ['md5', null],
      ['sha1', null],
      ['sha256', null],
    ],
  )
  assert.deepEqual(
    note.failures.map(({ type, code }) => [type, code]),
    [['pdq', 'media/unsupported']],
  )
  const dot = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  assert.deepEqual(
    (await hashMedia(dot, ['pdq'])).failures.map(({ code }) => code),
    ['media/too-small'],
  )
})
