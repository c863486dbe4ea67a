import { codeAt, kindOfCode, readingsOfCode, SIMPLE_CODES } from '../characters/simple-text.ts'
import { KIND, PLAIN } from '../characters/table.ts'
import type { Part } from './part.ts'
import type { Trie } from './trie.ts'
import { MAX_FOREIGN, MAX_GAP } from './walk.ts'

const MAX_LEAD = 6

const isSeveral = Uint8Array.from(kindOfCode, (kind) => (kind & (KIND.ambiguous | KIND.emoji) ? 1 : 0))

/** What `Walk` does over units, over the bare characters of a simple text: whether a key is met from a place on. */
export class CodeWalk {
  /** Steps left; where none are, every place is said to lead to a key. */
  steps = 0
  readonly part: Part
  private readonly trie: Trie
  private readonly startable: number
  private readonly hasSigns: boolean
  /** The number in the list's alphabet of each code's own class; all of them where there are several. */
  private readonly own = new Uint16Array(SIMPLE_CODES)
  private readonly several: readonly (Uint16Array | undefined)[]
  private text = ''
  private inner = false
  private direction = 1

  constructor(part: Part) {
    this.part = part
    this.trie = part.trie
    this.startable = KIND.letter | KIND.ambiguous | (part.hasEmoji ? KIND.emoji : 0)
    this.hasSigns = part.hasSigns || part.hasEmoji
    this.several = Array.from({ length: SIMPLE_CODES }, (_, code) => {
      const numbers = readingsOfCode(code).map((letter) => part.alphabet.of(letter))
      this.own[code] = numbers[0]!
      return isSeveral[code] ? Uint16Array.from(numbers.filter((one) => one !== 0)) : undefined
    })
  }

  /** `inner`: words may end anywhere here. */
  leadsToKey(text: string, at: number, direction: 1 | -1, inner: boolean): boolean {
    this.text = text
    const k = kindOfCode[codeAt(text, at)]!
    if (k !== PLAIN && ((k & this.startable) === 0 || !this.worthwhile(at, direction, k))) return false
    this.direction = direction
    this.inner = inner
    return this.follow(at, 0, 0, 0, 0)
  }

  /** Signs and digits begin a term where a letter follows soon. */
  private worthwhile(at: number, direction: 1 | -1, k: number): boolean {
    if (k & KIND.real || this.hasSigns) return true
    for (let i = 1; i <= MAX_LEAD; i++) {
      const code = codeAt(this.text, at + i * direction)
      if (code < 0) return false
      if (kindOfCode[code]! & KIND.real) return true
    }
    return false
  }

  /** See `Walk.follow`; true as soon as a key is met. */
  private follow(at: number, node: number, pos: number, last: number, foreign: number): boolean {
    let gap = 0
    for (let u = at; ; u += this.direction) {
      const code = codeAt(this.text, u)
      if (code < 0) return false
      if (--this.steps < 0) return true
      const k = kindOfCode[code]!
      if (k & KIND.letter) {
        const c = this.own[code]!
        gap = 0
        if (c === last) continue
        node = this.advance(node, pos++, c)
        if (node === -1) return false
        if (this.isKey(node, pos) && this.mayEnd(u)) return true
        last = c
        foreign = 0
      } else if (k & (KIND.ambiguous | KIND.emoji)) {
        const isReal = (k & KIND.real) !== 0
        if (!isReal && foreign >= MAX_FOREIGN) return false
        const stays = this.branch(u, code, node, pos, last, isReal ? 0 : foreign + 1)
        if (stays < 0) return true
        if (stays === 0 && (k & KIND.skippable) === 0) return false
        if (stays > 0) gap = 0
        else if (pos === 0 || ++gap > MAX_GAP) return false
      } else if (pos === 0 || ++gap > MAX_GAP) return false
    }
  }

  /** Follows every reading of one character: -1 a key was met, 1 one of them repeats the last class, else 0. */
  private branch(u: number, code: number, node: number, pos: number, last: number, foreign: number): number {
    let stays = 0
    const numbers = this.several[code]!
    for (let i = 0; i < numbers.length; i++) {
      const c = numbers[i]!
      if (c === last) {
        stays = 1
        continue
      }
      const next = this.advance(node, pos, c)
      if (next === -1) continue
      if (this.isKey(next, pos + 1) && this.mayEnd(u)) return -1
      if (this.follow(u + this.direction, next, pos + 1, c, foreign)) return -1
    }
    return stays
  }

  private advance(node: number, pos: number, c: number): number {
    const { cells, tails, tailStart } = this.trie
    if (c === 0) return -1
    if (node < -1) {
      const at = tailStart[-2 - node]! + pos
      return at < tailStart[-1 - node]! && tails[at] === c ? node : -1
    }
    const next = cells[3 * node + 1]! + c
    if (cells[3 * next] !== node) return -1
    const base = cells[3 * next + 1]!
    return base < -1 ? base : next
  }

  private isKey(node: number, pos: number): boolean {
    if (node >= 0) return this.trie.cells[3 * node + 2]! >= 0
    const { tailStart } = this.trie
    return tailStart[-1 - node]! - tailStart[-2 - node]! <= pos
  }

  /** No word ends where another plain letter follows, repeats aside. */
  private mayEnd(at: number): boolean {
    const code = codeAt(this.text, at)
    if (this.inner || kindOfCode[code] !== PLAIN) return true
    for (let next = at + this.direction; ; next += this.direction) {
      const beside = codeAt(this.text, next)
      if (beside < 0 || kindOfCode[beside] !== PLAIN) return true
      if (this.own[beside] !== this.own[code]) return false
    }
  }
}
