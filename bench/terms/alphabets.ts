/** Alphabets that the generator writes terms in. Its own choice, not the tables of packages/text. */
const offsets =
  (base: number, holes: Record<string, number> = {}) =>
  (letter: string) =>
    String.fromCodePoint(holes[letter] ?? base + letter.charCodeAt(0) - 97)

export const MATH = [
  offsets(0x1d41a),
  offsets(0x1d44e, { h: 0x210e }),
  offsets(0x1d482),
  offsets(0x1d4ea),
  offsets(0x1d51e),
  offsets(0x1d552),
  offsets(0x1d586),
  offsets(0x1d5ba),
  offsets(0x1d5ee),
  offsets(0x1d622),
  offsets(0x1d656),
  offsets(0x1d68a),
]
export const FULLWIDTH = [offsets(0xff41), offsets(0xff21)]
export const CIRCLED = [offsets(0x24d0), offsets(0x24b6)]
export const SQUARED = [offsets(0x1f130), offsets(0x1f170), offsets(0x1f150)]
export const REGIONAL = offsets(0x1f1e6)

const row = (letters: string) => {
  const signs = Array.from(letters)
  return (letter: string) => signs[letter.charCodeAt(0) - 97] ?? letter
}
export const SMALL_CAPITALS = row('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ')
export const SUPERSCRIPT = row('ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ')
export const UPSIDE_DOWN = row('ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz')

/** Look-alikes by letter, as people copy them from character maps. */
export const HOMOGLYPHS: Record<string, string> = {
  a: 'аɑαạ',
  b: 'ЬƄв',
  c: 'сϲⅽ',
  d: 'ԁɗⅾ',
  e: 'еҽєɛ',
  f: 'ƒғϝ',
  g: 'ɡցɢ',
  h: 'һհн',
  i: 'іıɩ',
  j: 'јʝϳ',
  k: 'кκƙ',
  l: 'ӏⅼɭ',
  m: 'мⅿɱ',
  n: 'ոռпη',
  o: 'оοօσ',
  p: 'рρƿ',
  q: 'ԛզɋ',
  r: 'гɼⲅ',
  s: 'ѕʂꜱ',
  t: 'тτƭ',
  u: 'υսц',
  v: 'ѵνʋ',
  w: 'ԝωѡш',
  x: 'хχҳ',
  y: 'уүγ',
  z: 'ᴢʐƶ',
}
export const LEET: Record<string, string> = { a: '4@', e: '3', i: '1!', l: '1', o: '0', s: '5$', t: '7+' }
export const LEET_AMBIGUOUS: Record<string, string> = {
  ...LEET,
  b: '86',
  g: '96',
  q: '9',
  z: '2',
  i: '1!|',
  l: '1|7',
  c: '(',
}
export const CYRILLIC_SOUND: Record<string, string> = {
  a: 'а',
  b: 'б',
  c: 'к',
  d: 'д',
  e: 'е',
  f: 'ф',
  g: 'г',
  h: 'х',
  i: 'и',
  j: 'дж',
  k: 'к',
  l: 'л',
  m: 'м',
  n: 'н',
  o: 'о',
  p: 'п',
  q: 'к',
  r: 'р',
  s: 'с',
  t: 'т',
  u: 'у',
  v: 'в',
  w: 'в',
  x: 'кс',
  y: 'ы',
  z: 'з',
}
export const GREEK_SOUND: Record<string, string> = {
  a: 'α',
  b: 'μπ',
  c: 'κ',
  d: 'ντ',
  e: 'ε',
  f: 'φ',
  g: 'γκ',
  h: 'χ',
  i: 'ι',
  j: 'τζ',
  k: 'κ',
  l: 'λ',
  m: 'μ',
  n: 'ν',
  o: 'ο',
  p: 'π',
  q: 'κ',
  r: 'ρ',
  s: 'σ',
  t: 'τ',
  u: 'ου',
  v: 'β',
  w: 'ου',
  x: 'ξ',
  y: 'υ',
  z: 'ζ',
}
/** Non-Latin letters that have a Latin twin (kind homoglyph_into_latin). */
export const TWINS: Record<string, string> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  к: 'k',
  і: 'i',
  ι: 'i',
  ο: 'o',
  ν: 'v',
  α: 'a',
  ρ: 'p',
  κ: 'k',
  υ: 'u',
}
