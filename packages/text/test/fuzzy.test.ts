import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { deletions, distance, isOneEdit } from '../src/fuzzy/edits.ts'
import { compileTerms } from '../src/index.ts'

const matcher = compileTerms(
  ['seashell', 'paper lantern', 'quickstep', 'фонарик', 'grape'].map((term) => ({ id: term, term })),
)
const near = (text: string) => matcher.find(text, { fuzzy: true }).filter((match) => match.tier === 'fuzzy')

test('Near misses are told apart from matches and only when asked for', () => {
  assert.deepEqual(matcher.find('a seashel here'), [])
  const [miss] = near('a seashel here')
  assert.deepEqual([miss!.entry.term, miss!.start, miss!.end, miss!.why], ['seashell', 2, 9, ['edit']])
})

test('One edit, vowels left out, another script and another spelling of the sound are near', () => {
  const cases = {
    seaschell: 'edit',
    saeshell: 'edit',
    sshll: 'vowels',
    сишелл: 'transliteration',
    kwikstep: 'sound',
    fonarik: 'transliteration',
    'paper lantren': 'edit',
    'ppr lntrn': 'vowels',
  }
  for (const [text, why] of Object.entries(cases)) assert.deepEqual(near(`see ${text} now`)[0]?.why, [why], text)
})

test('A common word is no near miss, and a common term has none of one edit', () => {
  for (const text of ['great grapes graph', 'the paper is late', 'grate']) assert.deepEqual(near(text), [], text)
})

test('An entry may stay out of the fuzzy tier', () => {
  const strict = compileTerms([{ id: '1', term: 'seashell', fuzzy: false }])
  assert.deepEqual(strict.find('seashel', { fuzzy: true }), [])
})

test('What was found for sure is not also a near miss', () => {
  assert.deepEqual(
    matcher.find('s3ashell', { fuzzy: true }).map((match) => match.tier),
    ['folded'],
  )
})

/** All words one edit from a word over a small alphabet. */
function neighbours(word: string): Set<string> {
  const result = new Set<string>()
  for (let at = 0; at <= word.length; at++)
    for (const letter of 'abc') {
      result.add(word.slice(0, at) + letter + word.slice(at))
      if (at < word.length) result.add(word.slice(0, at) + letter + word.slice(at + 1))
    }
  for (let at = 0; at < word.length; at++) {
    result.add(word.slice(0, at) + word.slice(at + 1))
    if (at + 1 < word.length) result.add(word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2))
  }
  result.delete(word)
  return result
}

test('One edit apart is what a list of all single edits says, and such words share a deletion', () => {
  const word = fc.stringMatching(/^[abc]{0,6}$/)
  fc.assert(
    fc.property(word, word, (a, b) => {
      const one = neighbours(a).has(b)
      assert.equal(isOneEdit(a, b), one)
      if (one) assert.ok(deletions(a).some((key) => deletions(b).includes(key)))
      if (one) assert.ok(distance(a, b, 3) <= 2)
    }),
    { numRuns: 3_000, seed: 4 },
  )
})
