import assert from 'node:assert/strict'
import test from 'node:test'
import { readCharacters } from '../src/characters/read.ts'
import { Units } from '../src/characters/units.ts'
import { compileTerms } from '../src/index.ts'
import { Part } from '../src/terms/part.ts'
import { type Found, Scan } from '../src/terms/scan.ts'

const TERMS = [
  'seashell',
  'paper lantern',
  'abababababababababab',
  'all ill lil',
  'tap',
  'illicit',
  'aaaa',
  'sassafras',
]
const scan = new Scan(new Part(TERMS.map((term) => ({ id: term, term }))))
const units = new Units()

function stepsOf(text: string): number {
  readCharacters(text, units)
  const found: Found[] = []
  scan.run(units, found)
  return scan.steps
}

const HOSTILE: Record<string, string> = {
  'near-matches of words': 'seashel ',
  'near-matches letter by letter': 's e a s h e l ',
  'signs that are read as letters': '1!|1!',
  'digits and letters in turn': 'l1I|',
  'one letter for ever': 'a',
  'one spaced letter for ever': 'a ',
  'a term that repeats itself': 'ab',
  'a spaced term that repeats itself': 'a b ',
  'reversed near-matches': 'lehsaes ',
  'spaced signs': '$ @ $ ',
  'inside a hashtag': '#abab',
  'combining marks': 's\u0301\u0302\u0303',
  'direction marks': '\u202ea\u202db',
  escapes: '&#115;%73',
}

for (const [name, piece] of Object.entries(HOSTILE)) {
  test(`Work grows with the text and no faster: ${name}`, () => {
    const [short, long] = [20_000, 160_000].map((length) => stepsOf(piece.repeat(Math.ceil(length / piece.length))))
    assert.ok(long! <= 64 * 160_000, `${long} steps`)
    assert.ok(
      long! <= 8.5 * Math.max(short!, 20_000),
      `${short} steps of 20,000 characters, ${long} of eight times as many`,
    )
  })
}

test('A hundred thousand marks on one letter are read once', () => {
  assert.ok(stepsOf(`s${'\u0301'.repeat(100_000)}eashell`) < 1_000)
  assert.equal(units.length, 8)
})

test('A term after a megabyte of near-matches is still found', () => {
  readCharacters(`${'seashel s e a s h e l '.repeat(50_000)} seashell`, units)
  const found: Found[] = []
  scan.run(units, found)
  assert.ok(found.some(({ pattern }) => pattern.entry.term === 'seashell'))
})

test('A text that used up its steps says so, an honest one does not', () => {
  const matcher = compileTerms([
    { id: '1', term: 'abababababababababababababababab' },
    { id: '2', term: 'seashell' },
  ])
  assert.ok(matcher.find(`${'a b '.repeat(20_000)} seashell`).some((match) => match.entry.id === '2'))
  assert.equal(matcher.exhausted, true)
  matcher.find('a quiet walk to the seashell shop, as every day')
  assert.equal(matcher.exhausted, false)
})
