/** Letters drawn with several signs ("|_|", "/\\"), longest first. */
const DRAWN: Readonly<Record<string, string>> = {
  '|\\/|': 'm',
  '/\\/\\': 'm',
  '\\/\\/': 'w',
  '|/\\|': 'w',
  '|\\|': 'n',
  '/\\/': 'n',
  '|-|': 'h',
  '/-/': 'h',
  ']-[': 'h',
  '}-{': 'h',
  '|_|': 'u',
  '(_)': 'u',
  '\\_/': 'u',
  '|_': 'l',
  '_|': 'j',
  '|)': 'd',
  '|]': 'd',
  '|3': 'b',
  '|=': 'f',
  '|<': 'k',
  '|{': 'k',
  '|*': 'p',
  '|>': 'p',
  '|°': 'p',
  '|2': 'r',
  '/\\': 'a',
  '\\/': 'v',
  '><': 'x',
  ')(': 'x',
  '}{': 'x',
  '()': 'o',
  '[]': 'o',
  '`/': 'y',
  "'/": 'y',
  vv: 'w',
  VV: 'w',
}
const LONGEST = 4

const TAG = /<(?:!--[\s\S]{0,100}?-->|\/?([A-Za-z][A-Za-z0-9]{0,15})(?:\s[^<>]{0,300})?\/?>)/y
const BLOCKS = /^(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|pre|blockquote|section|article)$/i
/** What a reader sees of several characters: a letter, a break between lines, or nothing ('' : a tag). */
export interface Drawn {
  readonly seen: string
  readonly length: number
}

/** The tag, comment or drawn letter that begins at a place. */
export function drawnAt(text: string, at: number): Drawn | undefined {
  if (text.charCodeAt(at) === 0x3c) return tagAt(text, at)
  for (let length = LONGEST; length > 1; length--) {
    const letter = at + length <= text.length ? letters.get(text.slice(at, at + length)) : undefined
    if (letter !== undefined) return { seen: letter, length }
  }
  return undefined
}

function tagAt(text: string, at: number): Drawn | undefined {
  TAG.lastIndex = at
  const found = TAG.exec(text)
  if (!found) return undefined
  return { seen: found[1] !== undefined && BLOCKS.test(found[1]) ? '\n' : '', length: found[0].length }
}

const letters = new Map(Object.entries(DRAWN))
const FIRST = new Set(Object.keys(DRAWN).map((one) => one.charCodeAt(0)))

/** Characters with which a tag or a drawn letter begins. */
export const mayBeginDrawn = (c: number): boolean => c === 0x3c || FIRST.has(c)

const quoted = (sign: string) => sign.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const signs = Object.keys(DRAWN)
  .filter((sign) => !/^(?:\(\)|\[\])$/.test(sign))
  .map(quoted)
  .join('|')
/** A drawn letter beside a letter, empty brackets between two, a tag or comment beside anything. */
const TRACES = new RegExp(
  `(?<=[A-Za-z0-9])(?:${signs})|(?:${signs})(?=[A-Za-z0-9])|(?<=[A-Za-z])(?:\\(\\)|\\[\\])+(?=[A-Za-z])|` +
    `(?<=\\S)</?[A-Za-z]|<[^<>]{1,100}>(?=\\S)|<!--`,
)

/** Whether a text may hold tags or drawn letters that a word goes through. */
export const isDrawn = (text: string): boolean => TRACES.test(text)

/** A text as it is shown: tags gone, drawn letters as letters. */
export function asShown(text: string): string {
  let [shown, from] = ['', 0]
  for (let at = 0; at < text.length; ) {
    const drawn = mayBeginDrawn(text.charCodeAt(at)) ? drawnAt(text, at) : undefined
    if (drawn) {
      shown += text.slice(from, at) + drawn.seen
      from = at + drawn.length
    }
    at += drawn?.length ?? 1
  }
  return shown + text.slice(from)
}
