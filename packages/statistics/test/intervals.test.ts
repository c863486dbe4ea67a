import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import {
  betaQuantile,
  clopperPearson,
  clusterBootstrap,
  clusteredShare,
  incompleteBeta,
  logGamma,
  normalQuantile,
  studentQuantile,
  wilson,
} from '../src/index.ts'

function near(actual: number, expected: number, tolerance = 5e-5): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)
}

// Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E), table I: methods 3 and 5.
const NEWCOMBE = [
  { hits: 81, of: 263, wilson: [0.2553, 0.3662], exact: [0.2527, 0.3676] },
  { hits: 15, of: 148, wilson: [0.0624, 0.1605], exact: [0.0578, 0.1617] },
  { hits: 0, of: 20, wilson: [0, 0.1611], exact: [0, 0.1684] },
  { hits: 1, of: 29, wilson: [0.0061, 0.1718], exact: [0.0009, 0.1776] },
] as const

test('Wilson and Clopper–Pearson give the published intervals', () => {
  for (const row of NEWCOMBE) {
    const score = wilson(row.hits, row.of)
    const exact = clopperPearson(row.hits, row.of)
    near(score.low, row.wilson[0])
    near(score.high, row.wilson[1])
    near(exact.low, row.exact[0])
    near(exact.high, row.exact[1])
  }
})

test('quantiles of the normal, of Student and of the beta distribution agree with the tables', () => {
  near(normalQuantile(0.975), 1.959963984540054, 1e-12)
  near(normalQuantile(1e-9), -5.997807015007687, 1e-9)
  near(studentQuantile(0.975, 1), 12.706204736, 1e-6)
  near(studentQuantile(0.975, 10), 2.228138852, 1e-8)
  near(studentQuantile(0.025, 30), -2.042272456, 1e-8)
  near(incompleteBeta(0.5, 2, 3), 0.6875, 1e-12)
  near(logGamma(10), Math.log(362_880), 1e-12)
  near(betaQuantile(0.6875, 2, 3), 0.5, 1e-12)
})

test('with no hits the exact upper end is 1 − (α/2)^(1/n)', () => {
  for (const n of [1, 10, 6_000]) near(clopperPearson(0, n).high, 1 - 0.025 ** (1 / n), 1e-12)
})

/** P(X ≤ k) of a binomial, term by term: the slow reference for Clopper–Pearson. */
function binomialUpTo(k: number, n: number, p: number): number {
  let logChoose = 0
  let sum = (1 - p) ** n
  for (let i = 1; i <= k; i++) {
    logChoose += Math.log((n - i + 1) / i)
    sum += Math.exp(logChoose + i * Math.log(p) + (n - i) * Math.log1p(-p))
  }
  return sum
}

test('both ends of Clopper–Pearson leave half of α in the binomial tail', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 199 }), (n, k) => {
      fc.pre(k < n)
      const { low, high } = clopperPearson(k, n)
      near(binomialUpTo(k, n, high), 0.025, 1e-9)
      near(1 - binomialUpTo(k - 1, n, low), 0.025, 1e-9)
    }),
  )
})

test('every interval holds its estimate and shrinks with more data', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (n, k) => {
      fc.pre(k <= n)
      for (const interval of [wilson, clopperPearson]) {
        const one = interval(k, n)
        const many = interval(4 * k, 4 * n)
        assert.ok(one.low >= 0 && one.low <= one.value && one.value <= one.high && one.high <= 1)
        assert.ok(many.high - many.low < one.high - one.low)
      }
    }),
  )
})

test('impossible counts are refused', () => {
  assert.throws(() => wilson(3, 2), RangeError)
  assert.throws(() => clopperPearson(-1, 2), RangeError)
})

test('a clustered share is wider than a naive one when clusters differ, and never narrower', () => {
  const same = Array.from({ length: 20 }, () => ({ hits: 10, total: 100 }))
  const split = Array.from({ length: 20 }, (_, i) => ({ hits: i % 2 === 0 ? 20 : 0, total: 100 }))
  const naive = clopperPearson(200, 2_000)
  assert.deepEqual(clusteredShare(same), naive)
  const wide = clusteredShare(split)
  assert.equal(wide.value, 0.1)
  assert.ok(wide.high - wide.low > 3 * (naive.high - naive.low))
})

test('the interval of a clustered share covers the truth about as often as it says', () => {
  const random = seededRandom('coverage')
  let covered = 0
  const rounds = 400
  for (let round = 0; round < rounds; round++) {
    const clusters = Array.from({ length: 30 }, () => {
      const own = 0.4 * random()
      let hits = 0
      for (let i = 0; i < 50; i++) if (random() < own) hits++
      return { hits, total: 50 }
    })
    const { low, high } = clusteredShare(clusters)
    if (low <= 0.2 && 0.2 <= high) covered++
  }
  assert.ok(covered / rounds > 0.92, `covered ${covered} of ${rounds}`)
})

test('the bootstrap over clusters agrees with the linearised interval', () => {
  const random = seededRandom('clusters')
  const clusters = Array.from({ length: 60 }, () => ({ hits: Math.floor(40 * random()), total: 100 }))
  const drawn = clusterBootstrap(clusters, seededRandom(1))
  const robust = clusteredShare(clusters)
  near(drawn.low, robust.low, 0.01)
  near(drawn.high, robust.high, 0.01)
  assert.deepEqual(drawn, clusterBootstrap(clusters, seededRandom(1)))
})
