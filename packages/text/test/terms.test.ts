import assert from 'node:assert/strict'
import test from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { compileTerms, type TermEntry } from '../src/index.ts'

const list = (...terms: string[]) => compileTerms(terms.map((term) => ({ id: term, term })))
const matcher = list(
  'seashell',
  'paper lantern',
  'tap',
  'фонарь',
  '纸灯笼',
  'लालटेन',
  'صدفة',
  '🍒🚀',
  'route66',
  'cork',
  'skill',
)
const found = (text: string) => matcher.find(text).map((match) => match.entry.term)

const DISGUISES: Record<string, readonly [text: string, why: string][]> = {
  'letter case': [['SeaShell', 'case']],
  'full width, mathematical and other compatible letters': [
    ['ｓｅａｓｈｅｌｌ', 'compatibility'],
    ['𝓼𝓮𝓪𝓼𝓱𝓮𝓵𝓵', 'compatibility'],
    ['𝔰𝔢𝔞𝔰𝔥𝔢𝔩𝔩', 'compatibility'],
  ],
  'letters in circles, squares and flags': [
    ['ⓢⓔⓐⓢⓗⓔⓛⓛ', 'enclosed'],
    ['🅂🄴🄰🅂🄷🄴🄻🄻', 'enclosed'],
    ['🇸🇪🇦🇸🇭🇪🇱🇱', 'enclosed'],
  ],
  'small capitals and raised letters': [
    ['ꜱᴇᴀꜱʜᴇʟʟ', 'small-capital'],
    ['ˢᵉᵃˢʰᵉˡˡ', 'superscript'],
  ],
  'letters of other scripts that look alike': [
    ['ѕеаѕһеӏӏ', 'look-alike'],
    ['ςεαςнεℓℓ', 'look-alike'],
    ['seasheIl', 'look-alike'],
  ],
  'digits and signs for letters, each in all its readings': [
    ['5345h3ll', 'leet'],
    ['$e@she11', 'leet'],
    ['5⃣e⃣a⃣s⃣h⃣e⃣l⃣l⃣', 'leet'],
  ],
  'invisible characters, marks and accents': [
    ['s\u200be\u2060a\u00ads\u034fh\u3164ell', 'zero-width'],
    ['s̶͎e̷a̶s̶h̶e̶l̶l̶', 'marks'],
    ['šéàşhèĺľ', 'diacritic'],
  ],
  'the same thing between all letters': [
    ['s.e.a.s.h.e.l.l', 'separators'],
    ['s e a s h e l l', 'separators'],
    ['s\ne\na\ns\nh\ne\nl\nl', 'separators'],
    ['s🌊e🌊a🌊s🌊h🌊e🌊l🌊l', 'separators'],
  ],
  'signs between some letters': [
    ['sea.sh-ell', 'separators'],
    ['s ea sh ell', 'separators'],
  ],
  'repeated letters': [['seeaashelllll', 'repeats']],
  'backwards, upside down, and with direction marks': [
    ['llehsaes', 'reversed'],
    ['llǝɥsɐǝs', 'turned'],
    ['\u202ellehsaes\u202c', 'bidi'],
    ['sea\u202eehs\u202cll', 'bidi'],
  ],
  'hashtags, also inside longer ones': [
    ['#seashell', 'hashtag'],
    ['#bestseashell2025', 'hashtag'],
  ],
  'escapes of HTML and addresses, also escaped twice': [
    ['&#115;&#x65;ashell', 'entity'],
    ['&amp;#115;eashell', 'entity'],
    ['%73%65ashell', 'percent'],
    ['%2573eashell', 'percent'],
  ],
}

for (const [name, cases] of Object.entries(DISGUISES)) {
  test(`A term is found through ${name}, and the answer says how`, () => {
    for (const [text, why] of cases) {
      const matches = matcher.find(`well, ${text} then`)
      assert.deepEqual(
        matches.map((match) => match.entry.term),
        ['seashell'],
        text,
      )
      assert.ok(matches[0]!.why.includes(why), `${text}: ${matches[0]!.why}`)
    }
  })
}

test('Offsets are those of the text as given, in UTF-16 units, with the invisible characters inside', () => {
  const text = '𝒙𝒚 s\u200beashell\ufe0f, &#115;eashell!'
  const slices = matcher.find(text).map(({ start, end }) => text.slice(start, end))
  assert.deepEqual(slices, ['s\u200beashell\ufe0f', '&#115;eashell'])
})

test('The term as written is exact, whatever its letter case; anything else is folded', () => {
  const tiers = ['SEASHELL', 'seashe11', 'Paper  Lantern', 'paperlantern'].map((text) => matcher.find(text)[0]!.tier)
  assert.deepEqual(tiers, ['exact', 'folded', 'exact', 'folded'])
})

test('A phrase is found joined, as a hashtag, over a line break and with a connecting sign, not across sentences', () => {
  for (const text of [
    'paperlantern',
    '#PaperLantern',
    '#paper_lantern',
    'paper\nlantern',
    'paper-lantern',
    'p a p e r   l a n t e r n',
  ])
    assert.deepEqual(found(text), ['paper lantern'], text)
  for (const text of ['paper. Lantern', 'paper, lantern', 'paper a lantern']) assert.deepEqual(found(text), [], text)
})

test('Terms of other scripts are found in their own writing and through look-alikes', () => {
  const cases = {
    'наш фонарь тут': 'фонарь',
    'наш фoнapь тут': 'фонарь',
    我的纸灯笼很好: '纸灯笼',
    'यह लालटेन है': 'लालटेन',
    'هذه صدفة جميلة': 'صدفة',
    صَدَفة: 'صدفة',
  }
  for (const [text, term] of Object.entries(cases)) assert.deepEqual(found(text), [term], text)
})

test('Pictographs are matched without skin tones, joiners and variation selectors', () => {
  for (const text of ['look🍒🚀', '🍒\ufe0f🚀', '🍒🏽\u200d🚀', '🍒 🚀 🍒🍒🚀'])
    assert.ok(found(text).includes('🍒🚀'), text)
  assert.deepEqual(found('🍒 and 🚀'), [])
})

test('A word that only contains a term, or two words that only together spell it, are not found', () => {
  for (const text of [
    'tapestry',
    'stapler',
    'corkscrew',
    'seashells',
    'the seas hell of it',
    'a sea shell',
    'sta pler',
    'tap_code',
    'my_seashell_x',
  ])
    assert.deepEqual(found(text), [], text)
})

test('Codes, quantities and punctuation are not read as letters', () => {
  for (const text of ['5345', 'a1b2-7ap-9c', '(ap', 'c0rk9', '7 4 p', 'x/7ap/9', 'ta?', '5k111s', '#a7ap0f'])
    assert.deepEqual(found(text), [], text)
})

test('A run has at least as many letters as the term', () => {
  assert.deepEqual(found('skil'), [])
  assert.deepEqual(found('skill'), ['skill'])
  assert.deepEqual(found('skiiillll'), ['skill'])
  assert.deepEqual(found('all llll skill l'), ['skill'])
})

test('An accented word among accented words is another language, alone among plain ones it is a disguise', () => {
  assert.deepEqual(found('mở tập tin đó'), [])
  assert.deepEqual(found('open the táp now'), ['tap'])
  assert.deepEqual(found('ПРОДАМ ТАР СЕГОДНЯ'), [])
})

test('Short terms backwards are other words; a common word is never a term backwards', () => {
  assert.deepEqual(found('a pat'), [])
  const other = list('tide', 'kroc')
  assert.deepEqual(other.find('please edit it'), [])
})

const one = (entry: Partial<TermEntry>, text: string) =>
  compileTerms([{ id: '1', term: 'seashell', ...entry }]).find(text)

test('Options narrow a term: not backwards, not in longer hashtags, only its scripts, allowed phrases', () => {
  assert.equal(one({ reversed: false }, 'llehsaes').length, 0)
  assert.equal(one({ hashtagAffix: false }, '#bestseashell').length, 0)
  assert.equal(one({ hashtagAffix: false }, '#seashell').length, 1)
  assert.equal(one({ scripts: ['Latin'] }, 'ѕеаѕһеӏӏ').length, 0)
  assert.equal(one({ scripts: ['Latn'] }, 'a seashell').length, 1)
  assert.equal(one({ allow: ['seashell museum'] }, 'the Seashell  Museum and a seashell').length, 1)
  assert.equal(one({ boundary: 'none' }, 'xxseashellxx').length, 1)
})

test('An unknown script is refused with a code', () => {
  assert.throws(
    () => one({ scripts: ['Klingon!'] }, ''),
    (error) => isFirebreakError(error) && error.code === 'text/term-script',
  )
})

test('A matcher with one more or one less entry answers at once; the one before stays as it was', () => {
  const more = matcher.with({ id: 'new', term: 'brazzle' })
  const less = more.without('seashell')
  const text = 'br4zzle and seashell'
  assert.deepEqual(
    more.find(text).map((match) => match.entry.term),
    ['brazzle', 'seashell'],
  )
  assert.deepEqual(
    less.find(text).map((match) => match.entry.term),
    ['brazzle'],
  )
  assert.deepEqual(found(text), ['seashell'])
  const changed = more.with({ id: 'new', term: 'brazzle', action: 'hold' })
  assert.deepEqual(
    changed.find('brazzle').map((match) => match.entry.action),
    ['hold'],
  )
  assert.equal(less.size, matcher.size)
})

test('More single changes than one delta holds are folded in', () => {
  let growing = list('seashell')
  for (let i = 0; i < 600; i++)
    growing = growing.with({
      id: `n${i}`,
      term: `${String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26))}brazzle`,
    })
  assert.equal(growing.size, 601)
  assert.equal(growing.find('aabrazzle bxbrazzle seashell').length, 3)
})

test('A typed prefix leads to terms from its third letter, in any reading; a complete term leads nowhere', () => {
  const leads = (prefix: string) => matcher.completes(prefix).map((entry) => entry.term)
  assert.deepEqual(leads('where is se'), [])
  assert.deepEqual(leads('where is sea'), ['seashell'])
  assert.deepEqual(leads('5e4'), ['seashell'])
  assert.deepEqual(leads('PAPER LAN'), ['paper lantern'])
  assert.deepEqual(leads('seashell'), [])
  assert.deepEqual(matcher.with({ id: 'x', term: 'seaweed' }).without('seashell').completes('seaw').length, 1)
})

test('Entries with nothing to match, empty lists and empty texts are harmless', () => {
  assert.deepEqual(list('', '  ', '\u200b', '...').find('anything ...'), [])
  assert.deepEqual(compileTerms([]).find('seashell'), [])
  assert.deepEqual(matcher.find(''), [])
  assert.deepEqual(matcher.find('\ud800 \udfff lone halves'), [])
})

test('The same term under two ids is found for both; of one id the last entry counts', () => {
  const two = compileTerms([
    { id: 'a', term: 'seashell' },
    { id: 'b', term: 'Seashell' },
    { id: 'a', term: 'brazzle' },
  ])
  assert.deepEqual(
    two.find('seashell').map((match) => match.entry.id),
    ['b'],
  )
})

test('Many places of a term with many allowed phrases cost one look at the text', () => {
  const allow = Array.from(
    { length: 100 },
    (_, i) => `seashell museum ${String.fromCharCode(97 + (i % 26)).repeat(3)}ox${i}`,
  )
  const text = `${'seashell '.repeat(2_000)}seashell museum aaaox0`
  assert.equal(one({ allow }, text).length, 2_000)
})
