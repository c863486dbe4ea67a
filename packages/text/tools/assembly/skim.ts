// Looks through a text of UTF-16 units for the places where a key of a list may begin. The plain reference is
// test/skim-reference.ts: the same places, in the same order.

/** What a code is: 0 a blank, 1 to 31 the class of a plain letter, else one of these. */
const IN_WORD: u32 = 32
const SIGN: u32 = 96
const OTHER: u32 = 128
/** The class of v: two of them draw a w. */
const V: u32 = 22

const SORTS: usize = 0x1000
const READINGS: usize = 0x2000
const THIRD: usize = 0x5000
const PLACES: usize = 0x6000
const MOST: usize = 0x4000
/** One character's places, and the last one's. */
const ROOM: usize = 64
const TEXT: usize = PLACES + MOST * 8

const MAX_GAP: i32 = 4
const MAX_LOOK: i32 = 24
const AHEAD: u32 = 6

export function sortsAt(): usize {
  return SORTS
}

/** By code, four bytes: a mask of the classes that it may be read as. */
export function readingsAt(): usize {
  return READINGS
}

/** By two classes, four bytes: a mask of the classes that may follow. Bit 0, and the rows of class 0: any. */
export function thirdAt(): usize {
  return THIRD
}

/** Pairs of four bytes: the place (offset times four, 2 where words may end anywhere, 1 backwards) and six classes. */
export function placesAt(): usize {
  return PLACES
}

export function textAt(): usize {
  return TEXT
}

let size: i32 = 0
let next: usize = 0

// @ts-expect-error: decorator
function unitAt(at: i32): u32 {
  return load<u16>(TEXT + ((<usize>at) << 1))
}

// @ts-expect-error: decorator
function codeOf(unit: u32): u32 {
  return unit < 0x900 ? unit : unit - 0x2000 < 0x70 ? unit - 0x2000 + 0x900 : 0xfff
}

// @ts-expect-error: decorator
function sortAt(at: i32): u32 {
  return load<u8>(SORTS + codeOf(unitAt(at)))
}

// @ts-expect-error: decorator
function thirdOf(a: u32, b: u32, c: u32): u32 {
  return (load<u32>(THIRD + (((a << 5) | b) << 2)) >>> c) & 1
}

function put(at: i32, flags: u32, row: u32): void {
  store<u32>(next, ((<u32>at) << 2) | flags)
  store<u32>(next, row, 4)
  next += 8
}

/** From a plain letter: its class and the next five, repeats and separators left out; 0 where any may follow. */
function look(at: i32, direction: i32, inner: u32): void {
  let last = sortAt(at)
  const a = last
  let b: u32 = 0
  let row = a
  let count: u32 = 1
  let gap: i32 = 0
  let u = at + direction
  for (let i = 1; i < MAX_LOOK; i++, u += direction) {
    if (<u32>u >= <u32>size) break
    const sort = sortAt(u)
    if (sort - 1 < 31) {
      gap = 0
      if (sort === last) continue
      last = sort
      if (count === 1) b = sort
      else if (count === 2 && thirdOf(a, b, sort) === 0) return
      row |= sort << (count * 5)
      if (++count === AHEAD) break
    } else if (sort !== 0 || ++gap > MAX_GAP) break
  }
  if (count < 3 && thirdOf(a, b, 0) === 0) return
  put(at, inner | (direction < 0 ? 1 : 0), row)
}

/** From a digit or symbol: whether one of its readings and the two letters after it begin a key. */
function lookFrom(at: i32, direction: i32, inner: u32): void {
  let b: u32 = 0
  let c: u32 = 0
  let gap: i32 = 0
  let u = at + direction
  for (let i = 1; i < MAX_LOOK; i++, u += direction) {
    if (<u32>u >= <u32>size) break
    const sort = sortAt(u)
    if (sort - 1 < 31) {
      gap = 0
      if (b === 0) b = sort
      else if (sort !== b) {
        c = sort
        break
      }
    } else if (sort !== 0 || ++gap > MAX_GAP) break
  }
  let mask = load<u32>(READINGS + (codeOf(unitAt(at)) << 2))
  for (; mask !== 0; mask &= mask - 1) {
    const a = ctz(mask)
    if (a === b || thirdOf(a, b, c) !== 0) return put(at, inner | (direction < 0 ? 1 : 0), 0)
  }
}

// @ts-expect-error: decorator
function from(at: i32, direction: i32, inner: u32): void {
  if (sortAt(at) < 32) look(at, direction, inner)
  else lookFrom(at, direction, inner)
}

/** Letters drawn with a bar and one of - _ ) ] 3 = < { * > ° 2 \ /. */
function isDrawnWithBar(unit: u32): bool {
  switch (unit) {
    case 0x2d:
    case 0x5f:
    case 0x29:
    case 0x5d:
    case 0x33:
    case 0x3d:
    case 0x3c:
    case 0x7b:
    case 0x2a:
    case 0x3e:
    case 0xb0:
    case 0x32:
    case 0x5c:
    case 0x2f:
      return true
    default:
      return false
  }
}

/** A sign that begins an escape: the text must be read. */
function mayEscape(at: i32): bool {
  if (at + 1 >= size) return false
  const after = unitAt(at + 1)
  const isLetter = (after | 32) - 97 < 26
  switch (unitAt(at)) {
    case 0x25: // %
      return after - 48 < 10 || (after | 32) - 97 < 6 || after === 0x75
    case 0x26: // &
      return isLetter || after === 0x23
    case 0x5c: // \
      return after === 0x75 || after === 0x78 || after - 48 < 2
    default:
      return false
  }
}

/** A sign that may be of a tag or of a letter drawn with several signs. */
function mayBeDrawn(at: i32): bool {
  const before = at > 0 ? unitAt(at - 1) : 0
  const after = at + 1 < size ? unitAt(at + 1) : 0
  switch (unitAt(at)) {
    case 0x28: // (
      return after === 0x29 || after === 0x5f || before === 0x29
    case 0x2f: // /
      return after === 0x5c || after === 0x2d || before === 0x27 || before === 0x60
    case 0x3c: // <
      return (after | 32) - 97 < 26 || after === 0x2f || after === 0x21 || before === 0x3e
    case 0x5b: // [
      return after === 0x5d || before === 0x2d
    case 0x5c: // \
      return after === 0x2f || after === 0x5f
    case 0x7b: // {
      return before === 0x7d || before === 0x2d
    case 0x7c: // |
      return before === 0x5f || isDrawnWithBar(after)
    default:
      return false
  }
}

let left: u32 = 0
let tag: u32 = 0
let position: i32 = 0
let drawn: bool = false

/** A new text of so many units. */
export function begin(length: i32): void {
  size = length
  position = 0
  left = 0
  tag = 0
  drawn = false
}

/** Whether the text so far may hold tags or letters drawn with several signs. */
export function isDrawn(): bool {
  return drawn
}

/** Whether the whole text has been looked through. */
export function isDone(): bool {
  return position > size
}

/**
 * How many places there are up to the end, or until there is room for no more: then the next call goes on. -1 where the
 * text is not simple. `inner` 2: terms may begin anywhere.
 */
export function more(inner: u32): i32 {
  next = PLACES
  for (; position < size; position++) {
    if (next > TEXT - ROOM) return count()
    const i = position
    const sort = sortAt(i)
    if (sort >= SIGN) {
      if (sort === OTHER || mayEscape(i)) return -1
      if (mayBeDrawn(i)) drawn = true
    }
    if (sort === V && left === V) drawn = true
    if (inner | tag) {
      if (sort !== 0) {
        from(i, 1, 2)
        from(i, -1, 2)
      }
      if (sort === 0 ? unitAt(i) !== 0x5f : sort > IN_WORD) tag = 0
      if (left > IN_WORD) from(i - 1, -1, inner)
    } else if (sort === 0) {
      if (left !== 0) from(i - 1, -1, 0)
    } else if (left === 0) from(i, 1, 0)
    else if (sort > IN_WORD || left > IN_WORD) {
      from(i - 1, -1, 0)
      from(i, 1, 0)
    }
    if (sort === SIGN && unitAt(i) === 0x23) tag = 2
    left = sort
  }
  if (left !== 0 && position === size) from(size - 1, -1, inner)
  position++
  return count()
}

function count(): i32 {
  return <i32>((next - PLACES) >> 3)
}
