import { KIND, readingsOf } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import type { Alphabet } from './alphabet.ts'
import type { Trie } from './trie.ts'

/** More units than this between two letters end a walk. */
export const MAX_GAP = 4
/** Digits and symbols in a row that may all be letters. */
export const MAX_FOREIGN = 12

/**
 * Follows one text from one place through the trie, forwards or backwards, over everything that may stand between or
 * be read in several ways, and reports each key whose classes were met in order. Whether that *is* the term is for the
 * verification to say.
 */
export class Walk {
  /** Steps left for this text; a walk that finds none left ends. Counted, so that tests can prove the bound. */
  steps = 0
  private readonly trie: Trie
  private readonly alphabet: Alphabet
  private readonly report: (key: number, start: number, direction: number) => void
  private units!: Units
  private begin = 0
  private direction = 1

  constructor(trie: Trie, alphabet: Alphabet, report: (key: number, start: number, direction: number) => void) {
    this.trie = trie
    this.alphabet = alphabet
    this.report = report
  }

  from(units: Units, start: number, direction: 1 | -1): void {
    this.units = units
    this.begin = start
    this.direction = direction
    this.follow(start, 0, 0, 0, 0)
  }

  /** `node` < -1 is a leaf: the rest of key -2 - node is compared from position `pos`. */
  private follow(at: number, node: number, pos: number, last: number, foreign: number): void {
    const { kind, letter, length } = this.units
    const { low } = this.alphabet
    let gap = 0
    for (let u = at; u >= 0 && u < length; u += this.direction) {
      if (--this.steps < 0) return
      const k = kind[u]!
      if (k & KIND.letter) {
        const own = letter[u]!
        const c = own < low.length ? low[own]! : this.alphabet.of(own)
        gap = 0
        if (c === last) continue
        node = this.advance(node, pos++, c)
        if (node === -1) return
        if (this.arrive(node, pos)) return
        last = c
        foreign = 0
      } else if (k & (KIND.ambiguous | KIND.emoji)) {
        const isReal = (k & KIND.real) !== 0
        if (!isReal && foreign >= MAX_FOREIGN) return
        const stays = this.branch(u, node, pos, last, isReal ? 0 : foreign + 1)
        if (!stays && (k & KIND.skippable) === 0) return
        if (stays) gap = 0
        else if (pos === 0 || ++gap > MAX_GAP) return
      } else if (pos === 0 || ++gap > MAX_GAP) return
    }
  }

  /** Follows every reading of one character; true if one of them repeats the last class. */
  private branch(u: number, node: number, pos: number, last: number, foreign: number): boolean {
    let stays = this.read(this.units.letter[u]!, u, node, pos, last, foreign)
    if (this.units.kind[u]! & KIND.ambiguous) {
      const readings = readingsOf(this.units.raw[u]!)
      for (let i = 0; i < readings.length; i++) if (this.read(readings[i]!, u, node, pos, last, foreign)) stays = true
    }
    return stays
  }

  private read(letter: number, u: number, node: number, pos: number, last: number, foreign: number): boolean {
    const c = this.alphabet.of(letter)
    if (c === 0) return false
    if (c === last) return true
    const next = this.advance(node, pos, c)
    if (next === -1 || this.arrive(next, pos + 1)) return false
    this.follow(u + this.direction, next, pos + 1, c, foreign)
    return false
  }

  private advance(node: number, pos: number, c: number): number {
    const { cells, tails, tailStart } = this.trie
    if (c === 0) return -1
    if (node < -1) return tails[tailStart[-2 - node]! + pos] === c ? node : -1
    const next = cells[3 * node + 1]! + c
    if (cells[3 * next] !== node) return -1
    const base = cells[3 * next + 1]!
    return base < -1 ? base : next
  }

  /** Reports a key that ends here; true where nothing can follow. */
  private arrive(node: number, pos: number): boolean {
    if (node < -1) {
      const key = -2 - node
      if (pos < this.trie.tailStart[key + 1]! - this.trie.tailStart[key]!) return false
      this.report(key, this.begin, this.direction)
      return true
    }
    const key = this.trie.cells[3 * node + 2]!
    if (key >= 0) this.report(key, this.begin, this.direction)
    return false
  }
}
