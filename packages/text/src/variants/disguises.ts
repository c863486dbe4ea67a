/** A way to write a term so that people still read it; a list of a term must hold under each. */
export interface Disguise {
  readonly name: string
  readonly of: (term: string) => string
}

const shifted = (upper: number, lower: number) => (term: string) =>
  letters(term, (code) => (code < 91 ? upper + code - 65 : lower + code - 97))
const joinedBy = (between: string) => (term: string) => [...term].join(between).replaceAll(`${between} ${between}`, ' ')
const mapped = (table: Readonly<Record<string, string>>) => (term: string) =>
  [...term].map((char) => table[char.toLowerCase()] ?? char).join('')
const words = (term: string): string[] => term.split(/\s+/)
const title = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

const CYRILLIC = { a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', y: 'у', i: 'і', s: 'ѕ', h: 'һ' }
const GREEK = { a: 'α', o: 'ο', p: 'ρ', v: 'ν', i: 'ι', u: 'υ' }
const LEET = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' }
const SIGNS = { a: '@', s: '$', i: '!', l: '|', e: '€' }
const SMALL = {
  a: 'ᴀ',
  b: 'ʙ',
  c: 'ᴄ',
  d: 'ᴅ',
  e: 'ᴇ',
  g: 'ɢ',
  h: 'ʜ',
  i: 'ɪ',
  l: 'ʟ',
  n: 'ɴ',
  o: 'ᴏ',
  p: 'ᴘ',
  r: 'ʀ',
  t: 'ᴛ',
  u: 'ᴜ',
}
const RAISED = { a: 'ᵃ', e: 'ᵉ', h: 'ʰ', i: 'ⁱ', l: 'ˡ', n: 'ⁿ', o: 'ᵒ', p: 'ᵖ', r: 'ʳ', s: 'ˢ', t: 'ᵗ' }
const MARKED = { a: 'á', e: 'ê', i: 'ï', o: 'õ', u: 'ü', n: 'ñ', c: 'ç' }

/**
 * Ways that need no knowledge of the term's language, one for each trick lists are known to miss. For suites that ask whether all
 * surfaces agree; a recall measurement needs more kinds and many terms.
 */
export const DISGUISES: readonly Disguise[] = [
  { name: 'plain', of: (term) => term },
  { name: 'capitals', of: (term) => term.toUpperCase() },
  { name: 'mixed case', of: (term) => [...term].map((char, i) => (i % 2 ? char.toUpperCase() : char)).join('') },
  { name: 'in a sentence', of: (term) => `who knows ${term}, please?` },
  { name: 'full width', of: (term) => letters(term, (code) => code + 0xfee0) },
  { name: 'mathematical', of: shifted(0x1d400, 0x1d41a) },
  { name: 'script', of: shifted(0x1d4d0, 0x1d4ea) },
  { name: 'circled', of: shifted(0x24b6, 0x24d0) },
  { name: 'squared', of: (term) => shifted(0x1f130, 0x1f130)(term.toUpperCase()) },
  { name: 'flag letters', of: (term) => [...shifted(0x1f1e6, 0x1f1e6)(term.toUpperCase())].join('') },
  { name: 'small capitals', of: mapped(SMALL) },
  { name: 'superscript', of: mapped(RAISED) },
  { name: 'Cyrillic look-alikes', of: mapped(CYRILLIC) },
  { name: 'Greek look-alikes', of: mapped(GREEK) },
  { name: 'digits for letters', of: mapped(LEET) },
  { name: 'signs for letters', of: mapped(SIGNS) },
  { name: 'accents', of: mapped(MARKED) },
  { name: 'stacked marks', of: (term) => letters(term, (code) => code).replace(/\p{L}/gu, '$&\u0336\u0301') },
  { name: 'zero width', of: joinedBy('\u200b') },
  { name: 'soft hyphens', of: joinedBy('\u00ad') },
  { name: 'dots between', of: joinedBy('.') },
  { name: 'hyphens between', of: joinedBy('-') },
  { name: 'underscores between', of: joinedBy('_') },
  { name: 'blanks between', of: (term) => [...term.replace(/\s+/g, '')].join(' ') },
  { name: 'emoji between', of: joinedBy('🔥') },
  { name: 'repeated letters', of: (term) => term.replace(/[aeiou]/gi, '$&$&$&') },
  { name: 'joined', of: (term) => words(term).join('') },
  { name: 'hashtag', of: (term) => `#${words(term).join('')}` },
  { name: 'camel case', of: (term) => `#${words(term).map(title).join('')}` },
  { name: 'snake case', of: (term) => `#${words(term).join('_')}` },
  { name: 'html entities', of: (term) => [...term].map((char) => `&#${char.codePointAt(0)};`).join('') },
  {
    name: 'percent escapes',
    of: (term) => [...Buffer.from(term)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  },
  { name: 'right-to-left override', of: (term) => `\u202e${[...term].reverse().join('')}\u202c` },
]

/** Letters A to Z under a new code point; everything else stays. */
function letters(term: string, code: (from: number) => number): string {
  return term.replace(/[a-z]/gi, (char) => String.fromCodePoint(code(char.charCodeAt(0))))
}
