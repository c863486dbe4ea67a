import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import fc from 'fast-check'
import { PdqCore } from '../src/core/pdq-core.ts'
import { formatHash, hammingDistance, isHash, parseHash, pdqDihedral, pdqFrameHash, pdqHash } from '../src/index.ts'
import { hashOfCoefficients } from '../src/pdq/bits.ts'
import type { Picture } from '../src/pdq/picture.ts'
import { lumaOf, referenceSpectrum, shrink } from '../src/pdq/reference.ts'
import { KINDS, type Kind, picture } from './pictures.ts'

interface Vector {
  readonly kind: Kind
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly hash: string
  readonly quality: number
  readonly dihedral?: readonly string[]
}

/** What the C++ reference (facebook/ThreatExchange pdq/cpp, g++ -O3) says of the generated pictures. */
const vectors = JSON.parse(readFileSync(new URL('./reference-vectors.json', import.meta.url), 'utf8')) as Vector[]

function slowHash({ pixels, width, height, channels }: Picture, small: boolean) {
  const { coefficients, quality } = referenceSpectrum(
    small ? shrink({ pixels, width, height, channels }) : { pixels, width, height, channels },
  )
  return { hash: formatHash(hashOfCoefficients(coefficients)), quality }
}

test('hash and quality are those of the C++ reference on generated pictures of every size', () => {
  for (const { kind, width, height, channels, hash, quality } of vectors) {
    const { pixels } = picture(kind, width, height, channels)
    assert.deepEqual(pdqFrameHash(pixels, width, height, channels), { hash, quality }, `${kind} ${width} × ${height}`)
  }
})

test('the eight orientations are those of the C++ reference', () => {
  const turnedOnes = vectors.filter(({ dihedral }) => dihedral)
  assert.equal(turnedOnes.length, KINDS.length)
  for (const { kind, width, height, channels, dihedral } of turnedOnes) {
    const { pixels } = picture(kind, width, height, channels)
    assert.deepEqual(
      pdqDihedral(pixels, width, height, channels).map(({ hash }) => hash),
      dihedral,
    )
  }
})

test('the first orientation is the hash itself, also where the filter is left out', () => {
  for (const [width, height] of [
    [64, 64],
    [3, 3],
    [700, 600],
    [90, 91],
  ] as const) {
    const { pixels } = picture('rectangles', width, height, 3)
    assert.equal(pdqDihedral(pixels, width, height, 3)[0]!.hash, pdqHash(pixels, width, height, 3).hash)
  }
})

test('the SIMD core agrees with the plain reference on pictures of any size, one after the other', () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 13, max: 300 }),
    fc.constantFrom(64, 128, 129, 511, 512, 513),
  )
  const anyPicture = fc.record({
    kind: fc.constantFrom(...KINDS),
    width: size,
    height: size,
    channels: fc.constantFrom(1 as const, 3 as const),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(anyPicture, ({ kind, width, height, channels, seed }) => {
      const made = picture(kind, width, height, channels, seed)
      assert.deepEqual(pdqFrameHash(made.pixels, width, height, channels), slowHash(made, false))
    }),
    { numRuns: 60 },
  )
})

test('only above 512 in one direction is a picture brought to 512 × 512, by nearest neighbour', () => {
  for (const [width, height] of [
    [512, 512],
    [513, 40],
    [40, 513],
    [1600, 1004],
    [2000, 5],
  ] as const) {
    for (const channels of [1, 3] as const) {
      const made = picture('rectangles', width, height, channels)
      assert.deepEqual(pdqHash(made.pixels, width, height, channels), slowHash(made, true), `${width} × ${height}`)
    }
  }
})

test('a side under 5 pixels gives the zero hash with quality 0', () => {
  assert.deepEqual(pdqHash(new Uint8Array(4 * 90), 4, 90, 1), { hash: '0'.repeat(64), quality: 0 })
  assert.deepEqual(pdqHash(new Uint8Array(3), 1, 1, 3), { hash: '0'.repeat(64), quality: 0 })
})

test('brightness values give the same hash as the pixels they came from', () => {
  const made = picture('rectangles', 130, 77, 3)
  const { hash, quality } = new PdqCore().hashLuma(lumaOf(made), made.width, made.height)
  assert.deepEqual(
    { hash: formatHash(hash), quality },
    pdqFrameHash(made.pixels, made.width, made.height, made.channels),
  )
})

test('bytes that are not such a picture are refused with a code', () => {
  for (const [bytes, width, height] of [
    [11, 2, 2],
    [0, 0, 0],
    [12, 2.5, 2],
    [12, -2, -2],
  ] as const)
    assert.throws(
      () => pdqHash(new Uint8Array(bytes), width, height, 3),
      (error) => isFirebreakError(error) && error.code === 'media/pixels',
    )
})

test('a hash reads and writes as 64 hexadecimal digits of either case, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (a, b) => {
        assert.deepEqual(parseHash(formatHash(a)), a)
        assert.deepEqual(parseHash(formatHash(a).toUpperCase()), a)
        const differing = [...a].map((byte, i) => (byte ^ b[i]!).toString(2).replaceAll('0', '').length)
        assert.equal(
          hammingDistance(a, b),
          differing.reduce((sum, bits) => sum + bits, 0),
        )
      },
    ),
  )
  for (const text of [
    '',
    '0'.repeat(63),
    '0'.repeat(65),
    'g'.repeat(64),
    ` ${'0'.repeat(63)}`,
    `0x${'0'.repeat(62)}`,
  ]) {
    assert.equal(isHash(text), false)
    assert.throws(
      () => parseHash(text),
      (error) => isFirebreakError(error) && error.code === 'media/hash',
    )
  }
})
