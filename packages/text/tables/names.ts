/** What a character's Unicode name says it is: "LATIN LETTER SMALL CAPITAL R" is an r, "NEGATIVE SQUARED … B" a b. */
const DIGITS = ['ZERO', 'ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'NINE']

const SPECIAL: Readonly<Record<string, string>> = {
  AE: 'ae',
  OE: 'oe',
  ETH: 'd',
  THORN: 'p',
  KRA: 'k',
  ENG: 'n',
  ESH: 's',
  EZH: 'z',
  YOGH: 'z',
  WYNN: 'p',
  ALPHA: 'a',
  IOTA: 'i',
  UPSILON: 'u',
  GAMMA: 'y',
  CHI: 'x',
  BETA: 'b',
  SCHWA: 'e',
  'LONG S': 's',
  'DOTLESS I': 'i',
  'DOTLESS J': 'j',
  'TONE TWO': 's',
  'TONE FIVE': 's',
  'TONE SIX': 'b',
}

const SHAPES =
  '(?:(?:SMALL CAPITAL|OPEN|CLOSED|BROAD|INSULAR|BARRED|SCRIPT|LONG-LEGGED|BLACKLETTER|STIRRUP|HALF|LENIS|MIDDLE-WELSH|VISIGOTHIC|DUM|TAILLESS|SIDEWAYS|DOUBLE|HOOKED|TOP HALF|BOTTOM HALF|VOLAPUK|ANGLICANA|SIGMOID|OLD POLISH) )*'
const ROTATED = '(TURNED |REVERSED |INVERTED |ROTATED |SIDEWAYS TURNED )*'
const WITH = '(?: WITH .*| ROTUNDA.*| BAR| SIGN| FORM TWO)?$'

const LATIN = new RegExp(
  `^(?:LATIN|MODIFIER LETTER|COMBINING LATIN|LATIN SUBSCRIPT|MODIFIER)(?: SMALL| CAPITAL)?(?: LETTER)?(?: SMALL| CAPITAL)*(?: LIGATURE)? ${ROTATED}${SHAPES}${ROTATED}(${Object.keys(SPECIAL).join('|')}|[A-Z]{1,2})${WITH}`,
)
const ENCLOSED =
  /^(?:NEGATIVE |CROSSED NEGATIVE |DOUBLE |RAISED )*(?:CIRCLED|SQUARED|PARENTHESIZED|OUTLINED|CIRCLED ITALIC|TORTOISE SHELL BRACKETED) (?:LATIN )?(?:(?:CAPITAL|SMALL) LETTER )?([A-Z]{1,4})$/
const DIGIT = /(?:^|[ -])(?:DIGIT|NUMBER) (ZERO|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE)(?: FULL STOP| COMMA)?$/

export function namedLetters(name: string): { letters: string; how: string } | undefined {
  const regional = /^REGIONAL INDICATOR SYMBOL LETTER ([A-Z])$/.exec(name)
  if (regional) return { letters: regional[1]!.toLowerCase(), how: 'enclosed' }
  const enclosed = ENCLOSED.exec(name)
  if (enclosed && !/^(ONE|TWO|TEN|PLUS|DOT|RING|VLO|TIMES|FREE.)$/.test(enclosed[1]!))
    return { letters: enclosed[1]!.toLowerCase(), how: 'enclosed' }
  const digit = DIGIT.exec(name)
  if (digit && !/SUPERSCRIPT|SUBSCRIPT|ROMAN|CUNEIFORM|TALLY|BRAILLE/.test(name))
    return {
      letters: String(DIGITS.indexOf(digit[1]!)),
      how: /CIRCLED|PAREN|STOP|COMMA/.test(name) ? 'enclosed' : 'compatibility',
    }
  return latinName(name)
}

function latinName(name: string): { letters: string; how: string } | undefined {
  if (/^COMBINING/.test(name)) return undefined
  const found = LATIN.exec(name)
  if (!found) return undefined
  const letter = found[3]!
  if (
    letter.length === 2 &&
    !(letter in SPECIAL) &&
    !/^(IJ|LJ|NJ|DZ|DB|QP|TS|DZ|LS|LZ|FF|FI|FL|AA|AO|AU|AV|AY|OO|VY|TZ)$/.test(letter)
  )
    return undefined
  return { letters: SPECIAL[letter] ?? letter.toLowerCase(), how: howNamed(name) }
}

function howNamed(name: string): string {
  if (/TURNED|REVERSED|INVERTED|ROTATED|SIDEWAYS/.test(name)) return 'turned'
  if (/SMALL CAPITAL/.test(name)) return 'small-capital'
  if (/^MODIFIER|SUBSCRIPT/.test(name)) return 'superscript'
  return / WITH /.test(name) ? 'diacritic' : 'look-alike'
}
