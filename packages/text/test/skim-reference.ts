/** The skim core, slow and plain: the same pairs in the same order (see tools/assembly/skim.ts). */
import { codeAt, readingMasks, SORT, sortOfCode } from '../src/characters/simple-text.ts'

const MAX_GAP = 4
const MAX_LOOK = 24

export function skimPlainly(text: string, third: Int32Array, anywhere: boolean): number[] | undefined {
  const places: number[] = []
  const sort = (at: number) => {
    const code = codeAt(text, at)
    return code < 0 ? SORT.other : sortOfCode[code]!
  }
  const follows = (a: number, b: number, c: number) => ((third[(a << 5) | b]! >>> c) & 1) === 1
  const put = (at: number, direction: number, inner: boolean, row: number) =>
    places.push(4 * at + (inner ? 2 : 0) + (direction < 0 ? 1 : 0), row)

  /** Classes of plain letters from beside a place on, without repeats, up to a sign or a gap too wide. */
  const lettersFrom = (at: number, direction: number, first: number): number[] => {
    const letters: number[] = []
    let [gap, last] = [0, first]
    for (let i = 1; i < MAX_LOOK; i++) {
      const u = at + i * direction
      const one = u < 0 || u >= text.length ? SORT.other : sort(u)
      if (one >= 32 || (one === 0 && ++gap > MAX_GAP)) break
      if (one === 0) continue
      gap = 0
      if (one !== last) letters.push(one)
      last = one
    }
    return letters
  }

  const from = (at: number, direction: number, inner: boolean) => {
    const a = sort(at)
    if (a >= 32) {
      const [b = 0, c = 0] = lettersFrom(at, direction, 0)
      const mask = readingMasks[codeAt(text, at)]!
      for (let one = 0; one < 32; one++)
        if ((mask >>> one) & 1 && (one === b || follows(one, b, c))) return put(at, direction, inner, 0)
      return
    }
    const row = [a, ...lettersFrom(at, direction, a)].slice(0, 6)
    if (follows(a, row[1] ?? 0, row[2] ?? 0))
      put(
        at,
        direction,
        inner,
        row.reduce((packed, one, i) => packed | (one << (5 * i)), 0),
      )
  }

  let left = 0
  let tag = false
  for (let i = 0; i < text.length; i++) {
    const one = sort(i)
    if (one === SORT.other || (one === SORT.sign && mayEscape(text, i))) return undefined
    if (anywhere || tag) {
      if (one !== 0) from(i, 1, true)
      if (one !== 0) from(i, -1, true)
      if (one > SORT.inWord || (one === 0 && text[i] !== '_')) tag = false
      if (left > SORT.inWord) from(i - 1, -1, anywhere)
    } else if (left === 0 || one === 0 || left > SORT.inWord || one > SORT.inWord) {
      if (left !== 0) from(i - 1, -1, false)
      if (one !== 0) from(i, 1, false)
    }
    if (text[i] === '#') tag = true
    left = one
  }
  if (left !== 0) from(text.length - 1, -1, anywhere)
  return places
}

function mayEscape(text: string, at: number): boolean {
  return /^(?:&[#A-Za-z]|%[0-9A-Fa-fu]|\\[ux01])/.test(text.slice(at, at + 2))
}
