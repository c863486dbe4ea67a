import assert from 'node:assert/strict'
import test from 'node:test'
import { type LegalBasisEntry, legalBasis, PLACES, PRIVATE_PLACES } from '../src/index.ts'

const line = (jurisdiction: string, surface: string, detector: string, allowed: boolean): LegalBasisEntry => ({
  jurisdiction,
  surface,
  detector,
  allowed,
  ground: 'for the test',
})
const may = (entries: LegalBasisEntry[], detector: string, surface: string, jurisdiction?: string) =>
  legalBasis(entries, detector, surface, jurisdiction).allowed

test('without a line public places are open, private ones and those nobody has heard of are off', () => {
  for (const place of PLACES)
    assert.equal(may([], 'lexicon', place, 'AT'), !(PRIVATE_PLACES as readonly string[]).includes(place))
  for (const place of ['dm', 'direct_message', 'chat', '', '__proto__'])
    assert.equal(may([], 'lexicon', place, 'AT'), false)
})

test('a line for every place opens no private and no unknown one; a line that names it does', () => {
  const all = [line('*', '*', '*', true)]
  for (const place of ['message', 'dm']) {
    assert.equal(may(all, 'lexicon', place, 'AT'), false)
    assert.equal(may([...all, line('AT', place, 'lexicon', true)], 'lexicon', place, 'AT'), true)
    assert.equal(may([...all, line('AT', place, 'lexicon', true)], 'links', place, 'AT'), false)
    assert.equal(may([...all, line('AT', place, 'lexicon', true)], 'lexicon', place), false)
  }
})

test('the more specific line decides, the later among equals', () => {
  const off = line('*', '*', '*', false)
  assert.equal(may([off], 'lexicon', 'search', 'AT'), false)
  assert.equal(may([line('AT', '*', '*', true), off], 'lexicon', 'search', 'AT'), true)
  assert.equal(may([line('AT', '*', '*', true), line('AT', 'search', '*', false)], 'lexicon', 'search', 'AT'), false)
  assert.equal(
    may([line('AT', 'search', '*', false), line('AT', 'search', '*', true)], 'lexicon', 'search', 'AT'),
    true,
  )
})
