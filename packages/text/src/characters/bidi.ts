import { HOW, KIND } from './table.ts'
import { Units } from './units.ts'

/** LRE RLE PDF LRO RLO, LRI RLI FSI PDI. Other directional marks change nothing in one line of letters. */
export function isBidiControl(cp: number): boolean {
  return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)
}

/** Hebrew, Arabic and their neighbours: read from the right by themselves. */
function isRightToLeft(cp: number): boolean {
  return (
    (cp >= 0x590 && cp < 0x900) ||
    (cp >= 0xfb1d && cp < 0xfe00) ||
    (cp >= 0xfe70 && cp < 0xff00) ||
    (cp >= 0x10800 && cp < 0x11000)
  )
}

interface Embedding {
  readonly level: number
  /** 'L' or 'R' under an override, else the letters' own. */
  readonly override: 'L' | 'R' | ''
  readonly isolate: boolean
}

const MAX_LEVEL = 125
const spare = new Units()

/**
 * Puts units into the order in which they are seen, by the explicit levels and rule L2 of the Bidirectional Algorithm
 * (UAX #9); neutral characters take the direction of their embedding. Right-to-left letters that stay in their own
 * direction keep the order in which they are read. Removes the controls.
 */
export function toVisualOrder(units: Units): void {
  const levels = resolveLevels(units)
  spare.copyAll(units)
  const order = Array.from({ length: units.length }, (_, at) => at).filter(
    (at) => (units.kind[at]! & KIND.dropped) === 0,
  )
  reverseByLevel(order, levels)
  marksAfterBases(order, units)
  units.reorder(spare, order)
  for (let at = 0; at < order.length; at++) if (order[at] !== at) units.how[at]! |= HOW.bidi
}

/** Letters read from the right count one level less: they are already in reading order at their own level. */
function resolveLevels(units: Units): Uint8Array {
  const levels = new Uint8Array(units.length)
  const stack: Embedding[] = [{ level: 0, override: '', isolate: false }]
  for (let at = 0; at < units.length; at++) {
    const cp = units.raw[at]!
    const now = stack.at(-1)!
    if (units.kind[at]! & KIND.dropped) enter(stack, now, cp)
    else levels[at] = levelOf(cp, now)
  }
  return levels
}

function levelOf(cp: number, now: Embedding): number {
  const { level } = now
  const right = isRightToLeft(cp)
  if (now.override !== '') return right ? level - 1 : level
  const even = level + (level & 1)
  return right ? (level | 1) - 1 : even
}

function enter(stack: Embedding[], now: Embedding, cp: number): void {
  if (cp === 0x202c) return leave(stack, false)
  if (cp === 0x2069) return leave(stack, true)
  const right = cp === 0x202b || cp === 0x202e || cp === 0x2067
  const level = right ? (now.level + 1) | 1 : (now.level + 2) & ~1
  const override = cp === 0x202e ? 'R' : cp === 0x202d ? 'L' : ''
  if (level <= MAX_LEVEL) stack.push({ level, override, isolate: cp >= 0x2066 })
}

function leave(stack: Embedding[], isolate: boolean): void {
  if (isolate && !stack.some((one) => one.isolate)) return
  while (stack.length > 1) {
    const gone = stack.at(-1)!
    if (!isolate && gone.isolate) return
    stack.pop()
    if (!isolate || gone.isolate) return
  }
}

/** Rule L2: from the highest level down, every run at that level or above is reversed. */
function reverseByLevel(order: number[], levels: Uint8Array): void {
  let highest = 0
  for (const at of order) highest = Math.max(highest, levels[at]!)
  for (let level = highest; level > 0; level--) {
    for (let first = 0; first < order.length; first++) {
      if (levels[order[first]!]! < level) continue
      let last = first
      while (last + 1 < order.length && levels[order[last + 1]!]! >= level) last++
      for (let left = first, right = last; left < right; left++, right--)
        [order[left], order[right]] = [order[right]!, order[left]!]
      first = last
    }
  }
}

/** Rule L3: vowel signs that were turned around with their letter come after it again. */
function marksAfterBases(order: number[], units: Units): void {
  for (let at = 0; at < order.length; at++) {
    let end = at
    while (end + 1 < order.length && isSign(units, order[end]!) && order[end + 1]! === order[end]! - 1) end++
    for (let left = at, right = end; left < right; left++, right--)
      [order[left], order[right]] = [order[right]!, order[left]!]
    at = end
  }
}

/** A kept mark: the vowel signs and finals of scripts that write them on their letters. */
export function isSign(units: Units, at: number): boolean {
  const cp = units.raw[at]!
  return (
    cp >= 0x900 &&
    (units.letter[at] === 0x3099 || units.letter[at] === 0x309a || /\p{M}/u.test(String.fromCodePoint(cp)))
  )
}
