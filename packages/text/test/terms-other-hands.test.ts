import assert from 'node:assert/strict'
import test from 'node:test'
import { compileTerms, isEverydayWord } from '../src/index.ts'

/** Ways of writing that no table of the benchmark's first generator has. */
const list = (...terms: string[]) => compileTerms(terms.map((term) => ({ id: term, term })))

const BY_OTHER_HANDS: Record<string, string> = {
  'flags between letters': 's🇺🇸e🇫🇷a🇺🇸s🇺🇸h🇺🇸e🇺🇸l🇺🇸l',
  'marks of another script': 's\u0e49e\u093ca\u302es\u3099h\u0e48e\u0951l\u0902l',
  'a lone letter apart': 's eashell',
  'signs set apart': 's * e * a * s * h * e * l * l',
  'words of a phrase set apart': 'paper 👏 lantern',
  'letters turned in place': 'sǝɐsɥǝll',
  'a vowel left out': 's•ashell',
  bars: 'seasheII',
  'padded entities': '&#x00000073;&#00000101;ashell',
  'escapes of old scripts': '%u0073%u0065ashell',
  'escapes of style sheets': '\\000073 eashell',
  'octal escapes': '\\163eashell',
  'tags between letters': 's<wbr>ea<b>sh</b>ell<!-- -->',
  'letters drawn with signs': 'seas|-|ell',
  'brackets for an o': 'm()()nlight',
  'two v for a w': 'vvindow',
  'bold in markdown': '__seashell__',
}

for (const [name, text] of Object.entries(BY_OTHER_HANDS))
  test(`Found as others write it: ${name}`, () => {
    const others = list('seashell', 'paper lantern', 'moonlight', 'window')
    assert.equal(others.find(`look, ${text} again`).length, 1)
  })

test('Hangul in pieces and either kana are the same word', () => {
  const others = list('종이등', 'ちょうちん', 'カイガラ')
  for (const text of ['종이등'.normalize('NFD'), 'チョウチン', 'かいがら', 'ｶｲｶﾞﾗ'])
    assert.equal(others.find(`look, ${text} again`).length, 1, text)
})

test('A letter that is a word, or what an apostrophe leaves, is no piece of a term', () => {
  const others = list('aknees', 'terror', 'seashell')
  for (const text of ['on a knees', "it isn't error free", 'sea shell', '1 < seashells > 2'])
    assert.deepEqual(others.find(text), [], text)
})

test('The commonest words of many languages are known as such', () => {
  for (const word of ['aber', 'Pero', 'dla', 'это', 'और', 'için', 'และ', 'này']) assert.ok(isEverydayWord(word), word)
  for (const word of ['brazzle', 'klobshailgear', 'zwudbaillje']) assert.ok(!isEverydayWord(word), word)
})
