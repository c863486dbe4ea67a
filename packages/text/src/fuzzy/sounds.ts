import anyAscii from 'any-ascii'

/** Spellings of one sound in English and its neighbours, applied in order; doubled letters become one at the end. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn|pn)/g, 'n'],
  [/^wr/g, 'r'],
  [/^x/g, 's'],
  [/tch/g, 'ch'],
  [/sch/g, 'sk'],
  [/ph/g, 'f'],
  [/gh(?=t|$)/g, ''],
  [/dg(?=[eiy])/g, 'j'],
  [/ck|cq/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/ch/g, 'C'],
  [/sh/g, 'S'],
  [/c/g, 'k'],
  [/qu|kw/g, 'kv'],
  [/q/g, 'k'],
  [/x/g, 'ks'],
  [/z/g, 's'],
  [/th|dh/g, 't'],
  [/[kgbw]h/g, 'h'],
  [/w/g, 'v'],
  [/igh/g, 'i'],
  [/ay|ai|ey|ei/g, 'e'],
  [/ee|ea|ie/g, 'i'],
  [/oo|ou|ew|ue/g, 'u'],
  [/y/g, 'i'],
  [/(?<=[a-z])e$/g, ''],
]

/** How a word sounds, roughly; words of equal sound get equal keys. */
export function soundOf(word: string): string {
  let key = word
  for (const [spelling, sound] of SOUNDS) key = key.replace(spelling, sound)
  return key.replace(/(.)\1+/g, '$1')
}

/**
 * The Latin words that letters of another script may have been written for. Greek needs digraphs for b, d, g, j and w,
 * which are also sounds of their own: both ways are answered.
 */
export function transliterated(word: string): string[] {
  const plain = anyAscii(word)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/kh/g, 'h')
    .replace(/dzh/g, 'j')
  if (!/\p{Script=Greek}/u.test(word)) return [plain]
  const greek = plain.replace(/ch/g, 'h').replace(/tz/g, 'j').replace(/oy/g, 'ou')
  const closed = greek.replace(/mp/g, 'b').replace(/nt/g, 'd').replace(/gk/g, 'g')
  return [...new Set([greek, closed, greek.replace(/ou/g, 'w'), closed.replace(/ou/g, 'w')])]
}

export function consonantsOf(word: string): string {
  return word.replace(/[aeiou]/g, '')
}

/** `short` is `long` with some letters left out. */
export function isSubsequence(short: string, long: string): boolean {
  let at = 0
  for (const letter of long) if (letter === short[at]) at++
  return at === short.length
}
