import { skimText } from '../core/skim-core.ts'
import type { Beginnings } from './beginnings.ts'
import type { CodeWalk } from './code-walk.ts'

/** Steps per character (and a stock) after which a text is left to the complete scan. */
const PER_CHARACTER = 4
const STOCK = 2_048

/**
 * Looks through a simple text for the places from which some part's walk meets a whole key. Most texts have none and
 * need no units; finds at least the places that the complete scan finds. Linear.
 */
export class Skim {
  /** By part: places found last, each twice its offset, plus one where read backwards. */
  readonly found: readonly number[][]
  private readonly walks: readonly CodeWalk[]
  private readonly beginnings: readonly Beginnings[]
  /** All parts' beginnings of three classes. */
  private readonly third: Int32Array
  private readonly anywhere: boolean

  constructor(walks: readonly CodeWalk[]) {
    this.walks = walks
    this.beginnings = walks.map(({ part }) => part.beginnings)
    this.found = walks.map(() => [])
    this.anywhere = walks.some(({ part }) => part.hasAnywhere)
    const [first, ...more] = this.beginnings
    this.third = more.length === 0 ? first!.third : first!.third.slice()
    for (const { third } of more) for (let i = 0; i < third.length; i++) this.third[i]! |= third[i]!
  }

  /** 'none' where nothing can be found, 'some' where `found` tells where to look, 'unknown' where the text must be read. */
  run(text: string): 'none' | 'some' | 'unknown' {
    const places = skimText(text, this.third, this.anywhere)
    if (places === undefined) return 'unknown'
    if (places.length === 0) return 'none'
    let result: 'none' | 'some' = 'none'
    for (let i = 0; i < this.walks.length; i++) {
      const walk = this.walks[i]!
      walk.steps = STOCK + PER_CHARACTER * text.length
      if (this.follow(text, places, i)) result = 'some'
      if (walk.steps < 0) return 'unknown'
    }
    return result
  }

  private follow(text: string, places: Int32Array, part: number): boolean {
    const [walk, beginnings, found] = [this.walks[part]!, this.beginnings[part]!, this.found[part]!]
    if (found.length > 0) found.length = 0
    for (let p = 0; p < places.length; p += 2) {
      const [place, row] = [places[p]!, places[p + 1]!]
      if (row !== 0 && !beginnings.mayBegin(row)) continue
      const back = place & 1
      if (walk.leadsToKey(text, place >> 2, back ? -1 : 1, (place & 2) !== 0)) found.push(2 * (place >> 2) + back)
    }
    return found.length > 0
  }
}
