import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { readCharacters } from '../src/characters/read.ts'
import { KIND } from '../src/characters/table.ts'
import { Units } from '../src/characters/units.ts'
import { Part } from '../src/terms/part.ts'
import { compilePattern } from '../src/terms/pattern.ts'
import { type Found, Scan } from '../src/terms/scan.ts'
import { Verifier } from '../src/terms/verify.ts'

const units = new Units()

/** Every term laid over every place in both directions: no trie, no filter, no walk. */
function slowly(terms: readonly string[], text: string): Set<string> {
  readCharacters(text, units)
  const result = new Set<string>()
  const verifier = new Verifier()
  for (const term of terms) {
    const pattern = compilePattern({ id: term, term })
    if (!pattern) continue
    for (let at = 0; at < units.length; at++)
      for (const direction of [1, -1]) {
        const verified = verifier.verify(units, pattern, at, direction, false)
        if (verified) result.add(`${term} ${verified.first} ${verified.last}`)
      }
  }
  return result
}

function quickly(terms: readonly string[], text: string): Set<string> {
  readCharacters(text, units)
  const found: Found[] = []
  new Scan(new Part(terms.map((term) => ({ id: term, term })))).run(units, found)
  return new Set(found.map(({ pattern, first, last }) => `${pattern.entry.term} ${first} ${last}`))
}

const term = fc.stringMatching(/^[abls]{1,6}( [abls]{1,4})?$/)
const piece = fc.constantFrom(
  'a',
  'b',
  'l',
  's',
  'A',
  'I',
  '1',
  '$',
  '@',
  '!',
  ' ',
  '.',
  '-',
  '\n',
  'а',
  'ѕ',
  '🌊',
  '#',
  '_',
  'ß',
  '\u0301',
)
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))

test('The trie, its filter and its walks find whatever the slow reference finds in word-bounded terms', () => {
  fc.assert(
    fc.property(fc.uniqueArray(term, { minLength: 1, maxLength: 6 }), text, (terms, given) => {
      const [slow, quick] = [slowly(terms, given), quickly(terms, given)]
      for (const one of quick) assert.ok(slow.has(one), `only the trie found ${one} in ${JSON.stringify(given)}`)
      for (const one of slow) assert.ok(covers(quick, one), `the trie missed ${one} in ${JSON.stringify(given)}`)
    }),
    { numRuns: 3_000, seed: 4 },
  )
})

/** The trie may begin at the first of several equal beginnings ("a a b"): the place must overlap. */
function covers(quick: ReadonlySet<string>, one: string): boolean {
  const [first, last] = one.split(' ').slice(-2).map(Number) as [number, number]
  const name = one.slice(0, one.lastIndexOf(' ', one.lastIndexOf(' ') - 1))
  return [...quick].some((other) => {
    const [from, to] = other.split(' ').slice(-2).map(Number) as [number, number]
    return other.startsWith(`${name} `) && from <= last && to >= first
  })
}

test('The trie finds each of many random terms, and nothing of the others, in a text of one word', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-e]{6,12}$/), { minLength: 1, maxLength: 60 }), (terms) => {
      for (const one of terms) assert.ok(quickly(terms, one).has(`${one} 0 ${one.length - 1}`))
    }),
    { numRuns: 60, seed: 4 },
  )
})

test('Kinds of characters stay apart: every unit is a letter, has readings, or may be skipped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (given) => {
      readCharacters(given, units)
      for (let at = 0; at < units.length; at++) {
        assert.equal(units.kind[at]! & KIND.dropped, 0)
        assert.ok(units.start[at]! >= 0 && units.endOf(at) <= given.length)
      }
    }),
    { numRuns: 2_000, seed: 4 },
  )
})
