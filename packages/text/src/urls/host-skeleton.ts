/** Letters drawn like ASCII ones that names may hold (UTS #39 picks of Cyrillic, Greek, Armenian and Latin beyond ASCII). */
const ROWS: Readonly<Record<string, string>> = {
  a: 'аɑαạ',
  b: 'ьЬ',
  c: 'сϲƈ',
  d: 'ԁɗ',
  e: 'еҽє',
  g: 'ɡց',
  h: 'һհ',
  i: 'іıιɩ',
  j: 'јϳ',
  k: 'кκ',
  l: 'ӏłǀ',
  m: 'м',
  n: 'ոռпη',
  o: 'оοօσ0ø',
  p: 'рρ',
  q: 'ԛգ',
  r: 'г',
  s: 'ѕʂ',
  t: 'тτ',
  u: 'սυʋц',
  v: 'νѵ',
  w: 'ԝѡωա',
  x: 'хχ',
  y: 'уγүỿ',
  z: 'ᴢʐ',
}
const LIKE = new Map(Object.entries(ROWS).flatMap(([plain, like]) => [...like].map((char) => [char, plain] as const)))

/** A host as it is drawn: marks off, look-alike letters as ASCII. */
export function skeleton(text: string): string {
  let out = ''
  for (const char of text.normalize('NFKD').toLowerCase()) {
    if (/\p{M}/u.test(char)) continue
    out += char < '\x80' ? char : (LIKE.get(char) ?? char)
  }
  return out
}
