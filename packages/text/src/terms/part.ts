import { NearTerms } from '../fuzzy/near.ts'
import { Alphabet } from './alphabet.ts'
import { Beginnings } from './beginnings.ts'
import { Filter } from './filter.ts'
import { collapsedKey, compilePattern, type Pattern } from './pattern.ts'
import { Trie } from './trie.ts'
import type { TermEntry } from './types.ts'

/** Entries compiled together. Patterns are made when a candidate needs them: a large list stays small. */
export class Part {
  readonly entries: readonly TermEntry[]
  readonly alphabet = new Alphabet()
  readonly trie: Trie
  readonly filter: Filter
  readonly beginnings: Beginnings
  /** Some entry has pictographs, or may begin inside a word. */
  readonly hasEmoji: boolean
  readonly hasAnywhere: boolean
  /** Some entry has no letters (digits, symbols): walks must also begin where none follow. */
  readonly hasSigns: boolean
  /** Some entry is one letter, perhaps repeated. */
  readonly hasSingles: boolean
  private readonly head: Int32Array
  private readonly next: Int32Array
  private readonly patterns = new Map<number, Pattern>()
  private nearTerms: NearTerms | undefined

  /** Entries without any letter, digit, symbol or pictograph can never match and are left out. */
  constructor(entries: readonly TermEntry[]) {
    this.entries = entries
    this.filter = new Filter(entries.length)
    this.beginnings = new Beginnings(entries.length)
    const keyed: { key: string; entry: number }[] = []
    let [hasEmoji, hasAnywhere, hasSigns, hasSingles] = [false, false, false, false]
    for (const [i, entry] of entries.entries()) {
      const pattern = compilePattern(entry)
      if (!pattern) continue
      hasEmoji ||= pattern.hasEmoji
      this.filter.add(pattern.letters)
      this.beginnings.add(pattern.letters)
      hasSigns ||= !pattern.hasLetter && !pattern.hasEmoji
      hasSingles ||= pattern.classes === 1
      hasAnywhere ||= entry.boundary === 'none'
      keyed.push({ key: collapsedKey(pattern.letters, (letter) => this.alphabet.add(letter)), entry: i })
    }
    this.hasEmoji = hasEmoji
    this.hasAnywhere = hasAnywhere
    this.hasSigns = hasSigns
    this.hasSingles = hasSingles
    const keys = [...new Set(keyed.map((one) => one.key))].sort()
    const numbers = new Map(keys.map((key, i) => [key, i]))
    this.head = new Int32Array(keys.length).fill(-1)
    this.next = new Int32Array(entries.length).fill(-1)
    for (const { key, entry } of keyed.reverse()) {
      const number = numbers.get(key)!
      this.next[entry] = this.head[number]!
      this.head[number] = entry
    }
    this.trie = Trie.build(keys, this.alphabet.size)
  }

  /** The entries of a key, in the order given. */
  *entriesOf(key: number): Iterable<number> {
    for (let entry = this.head[key]!; entry >= 0; entry = this.next[entry]!) yield entry
  }

  /** The entries whose key begins with `prefix` (dense numbers), by binary search over the sorted keys. */
  *entriesUnder(prefix: string): Iterable<number> {
    const { keys } = this.trie
    let [low, high] = [0, keys.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (keys[middle]! < prefix) low = middle + 1
      else high = middle
    }
    for (let key = low; key < keys.length && keys[key]!.startsWith(prefix); key++) yield* this.entriesOf(key)
  }

  /** The fuzzy tier over these entries, built when it is first asked for. */
  near(): NearTerms {
    this.nearTerms ??= new NearTerms(this.entries)
    return this.nearTerms
  }

  patternOf(entry: number): Pattern {
    let pattern = this.patterns.get(entry)
    if (!pattern) {
      pattern = compilePattern(this.entries[entry]!)!
      this.patterns.set(entry, pattern)
    }
    return pattern
  }
}
