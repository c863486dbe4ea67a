import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EntryChange } from '../src/banks/changes.ts'
import { packChunk, unpackChunk } from '../src/banks/chunk.ts'
import { aggregateOpinion } from '../src/banks/opinions.ts'
import { bankSettings } from '../src/banks/settings.ts'
import { HASH_BYTES, HASH_KINDS, type HashKind, Matcher, type NewEntry, type Opinion } from '../src/index.ts'
import { bankState } from '../src/matching/bank-state.ts'
import { DigestTable } from '../src/matching/digest-table.ts'
import { near, randomHash } from './stage.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const MINUTE = 60_000

/** Few different hashes, so that they meet: a byte repeated, with some bits changed. */
const hashOf = (kind: HashKind, seed: number, bits: number) =>
  near(new Uint8Array(HASH_BYTES[kind]).fill(seed * 37), bits)
const kind = fc.constantFrom(...HASH_KINDS)
const opinion = fc.record({
  owner: fc.constantFrom('own', 'a', 'b'),
  category: fc.constantFrom('NEGATIVE_CLASS' as const, 'INVESTIGATION_SEED' as const, 'POSITIVE_CLASS' as const),
})
const opinions = fc.uniqueArray(opinion, { minLength: 1, maxLength: 3, selector: ({ owner }) => owner })
const entry = fc.record({
  seed: fc.nat(3),
  bits: fc.nat(40),
  opinions,
  sourceId: fc.option(fc.string({ maxLength: 12 }), { nil: undefined }),
  minutes: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
})
type Drawn = typeof entry extends fc.Arbitrary<infer T> ? T : never
const change = fc.oneof(
  fc.record({ do: fc.constantFrom('withdraw' as const, 'restore' as const, 'quarantine' as const) }),
  fc.record({
    do: fc.constant('opinion' as const),
    owner: fc.constantFrom('own', 'a', 'b'),
    category: fc.constantFrom('NEGATIVE_CLASS' as const, 'POSITIVE_CLASS' as const),
  }),
  fc.record({ do: fc.constant('no-opinion' as const), owner: fc.constantFrom('own', 'a', 'b') }),
  fc.record({ do: fc.constant('expire' as const), at: fc.constantFrom(null, NOW - MINUTE, NOW + MINUTE) }),
)
const step = fc.oneof(
  fc.record({ bank: fc.integer({ min: 1, max: 3 }), kind, add: fc.array(entry, { minLength: 1, maxLength: 6 }) }),
  fc.record({ bank: fc.integer({ min: 1, max: 3 }), entry: fc.nat(30), change }),
)
const SETTINGS = [bankSettings({ distance: 31 }), bankSettings({ distance: 10 }), bankSettings({ distance: 0 })]

interface Known {
  readonly bank: number
  readonly entry: number
  readonly kind: HashKind
  readonly hash: Uint8Array
  opinions: Opinion[]
  withdrawn: boolean
  quarantined: boolean
  expires: number | null
}

function newEntry(kindOf: HashKind, { seed, bits, sourceId, minutes, ...rest }: Drawn): NewEntry {
  return {
    hash: hashOf(kindOf, seed, Math.min(bits, 31)),
    opinions: rest.opinions.map(({ owner, category }) => ({ owner, category })),
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(minutes === undefined ? {} : { expiresAt: NOW + minutes * MINUTE }),
  }
}

test('whatever is added and changed, loaded at once or one after the other: the matcher finds what looking at every entry finds', () => {
  const loadedAfter = fc.nat(12)
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      loadedAfter,
      fc.array(fc.tuple(kind, fc.nat(3), fc.nat(31)), { minLength: 1, maxLength: 6 }),
      (steps, builtAt, queries) => {
        const matcher = new Matcher()
        for (const [i, settings] of SETTINGS.entries())
          matcher.banks.set(i + 1, bankState(i + 1, `BANK_${i}`, settings))
        const all: Known[] = []
        let seq = 0
        for (const [i, one] of steps.entries()) {
          if (i === builtAt) matcher.built()
          const shared = { seq: ++seq, bank: one.bank }
          if ('add' in one) {
            const entries = one.add.map((drawn) => newEntry(one.kind, drawn))
            const first = all.filter(({ bank }) => bank === one.bank).length
            matcher.take({
              ...shared,
              operation: 'add',
              first,
              count: entries.length,
              body: packChunk(one.kind, entries, (id) => BigInt(id.length + 1)),
            })
            for (const [j, { hash, opinions: said, expiresAt }] of entries.entries())
              all.push({
                ...{ bank: one.bank, entry: first + j, kind: one.kind, hash, opinions: [...said] },
                withdrawn: false,
                quarantined: false,
                expires: expiresAt ?? null,
              })
          } else {
            const what = { entry: one.entry, ...one.change } as EntryChange
            matcher.take({
              ...shared,
              operation: 'change',
              first: 0,
              count: 1,
              body: Buffer.from(JSON.stringify([what])),
            })
            const known = all.find(({ bank, entry: number }) => bank === one.bank && number === one.entry)
            if (known !== undefined) changeModel(known, what)
          }
        }
        if (steps.length <= builtAt) matcher.built()
        for (const [queryKind, seed, bits] of queries) {
          const hash = hashOf(queryKind, seed, bits)
          const found = matcher
            .match({ kind: queryKind, hash }, NOW)
            .map((hit) => [hit.bank.id, hit.entry, hit.distance, hit.opinion, hit.quarantined])
          assert.deepEqual(found.sort(), lookedAtAll(all, queryKind, hash).sort())
        }
      },
    ),
    { numRuns: 300 },
  )
})

function changeModel(known: Known, what: EntryChange): void {
  if (what.do === 'withdraw' || what.do === 'restore') known.withdrawn = what.do === 'withdraw'
  else if (what.do === 'quarantine') known.quarantined = true
  else if (what.do === 'expire') known.expires = what.at
  else if (what.do === 'opinion' || what.do === 'no-opinion') {
    known.opinions = known.opinions.filter(({ owner }) => owner !== what.owner)
    if (what.do === 'opinion') known.opinions.push({ owner: what.owner, category: what.category })
  }
}

function lookedAtAll(all: readonly Known[], queryKind: HashKind, hash: Uint8Array): unknown[][] {
  return all.flatMap((known) => {
    const distance = differing(known.hash, hash)
    const within = queryKind === 'pdq' ? distance <= SETTINGS[known.bank - 1]!.distance : distance === 0
    const live = !known.withdrawn && (known.expires === null || known.expires > NOW)
    if (known.kind !== queryKind || !within || !live) return []
    return [
      [
        known.bank,
        known.entry,
        queryKind === 'pdq' ? distance : 0,
        aggregateOpinion(known.opinions.map(({ category }) => category)),
        known.quarantined,
      ],
    ]
  })
}

function differing(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (const [i, byte] of a.entries()) for (let x = byte ^ b[i]!; x !== 0; x &= x - 1) bits++
  return bits
}

test('a chunk gives back what went in', () => {
  fc.assert(
    fc.property(kind, fc.array(entry, { maxLength: 20 }), (of, drawn) => {
      const entries = drawn.map((one) => newEntry(of, one))
      const chunk = unpackChunk(packChunk(of, entries, (id) => BigInt(id.length + 1)))
      assert.equal(chunk.count, entries.length)
      for (const [i, { hash, sourceId, opinions: said }] of entries.entries()) {
        assert.deepEqual(
          Buffer.from(chunk.hashes.subarray(i * HASH_BYTES[of], (i + 1) * HASH_BYTES[of])),
          Buffer.from(hash),
        )
        assert.equal(chunk.sourceIds()[i] ?? '', sourceId ?? '')
        assert.equal(chunk.owners[chunk.owner[i]!], said[0]!.owner)
        assert.deepEqual(chunk.more.get(i)?.opinions ?? [], said.slice(1))
      }
    }),
  )
})

test('a digest table finds every slot of a digest, through all its growing, and none of another', () => {
  const table = new DigestTable(16, 4)
  const slots = new Map<number, number[]>()
  for (let slot = 0; slot < 5_000; slot++) {
    const seed = slot % 1_700
    table.add(Buffer.alloc(16, `digest ${seed}`), slot)
    slots.set(seed, [...(slots.get(seed) ?? []), slot])
  }
  for (const [seed, expected] of slots) assert.deepEqual(table.find(Buffer.alloc(16, `digest ${seed}`)), expected)
  assert.deepEqual(table.find(randomHash(16)), [])
  assert.equal(table.size, 5_000)
})

test('a bank that takes part in a share of queries takes part in about that share, and always in the same ones', () => {
  const matcher = new Matcher().built()
  matcher.banks.set(1, bankState(1, 'SOME', bankSettings({ enabledRatio: 0.3 })))
  const hashes = Array.from({ length: 1_000 }, () => randomHash())
  const body = packChunk(
    'pdq',
    hashes.map((hash) => ({ hash, opinions: [] })),
    () => 1n,
  )
  matcher.take({ seq: 1, bank: 1, operation: 'add', first: 0, count: hashes.length, body })
  const met = () => hashes.map((hash) => matcher.match({ kind: 'pdq', hash }, NOW).length)
  const once = met()
  assert.deepEqual(met(), once)
  const share = once.filter((count) => count === 1).length / hashes.length
  assert.ok(share > 0.25 && share < 0.35, `${share}`)
  const seeds = new Set(
    Array.from(
      { length: 50 },
      (_, i) => matcher.match({ kind: 'pdq', hash: hashes[0]!, seed: `content-${i}` }, NOW).length,
    ),
  )
  assert.equal(seeds.size, 2)
})
