import { mayBeDrawn, skimText } from '../core/skim-core.ts'
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
  private readonly visit = (places: Int32Array, count: number) => this.follow(places, count)
  /** The last text may hold tags or letters drawn with several signs, or was not looked through to its end. */
  drawn = false
  private text = ''

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
    this.text = text
    for (let i = 0; i < this.walks.length; i++) {
      this.walks[i]!.steps = STOCK + PER_CHARACTER * text.length
      if (this.found[i]!.length > 0) this.found[i]!.length = 0
    }
    this.drawn = true
    if (!skimText(text, this.third, this.anywhere, this.visit)) return 'unknown'
    this.drawn = mayBeDrawn()
    let some = false
    for (let i = 0; i < this.walks.length; i++) {
      if (this.walks[i]!.steps < 0) return 'unknown'
      some ||= this.found[i]!.length > 0
    }
    return some ? 'some' : 'none'
  }

  private follow(places: Int32Array, count: number): void {
    for (let part = 0; part < this.walks.length; part++) {
      const [walk, beginnings, found] = [this.walks[part]!, this.beginnings[part]!, this.found[part]!]
      for (let p = 0; p < 2 * count && walk.steps >= 0; p += 2) {
        const [place, row] = [places[p]!, places[p + 1]!]
        if (row !== 0 && !beginnings.mayBegin(row)) continue
        const back = place & 1
        if (walk.leadsToKey(this.text, place >> 2, back ? -1 : 1, (place & 2) !== 0))
          found.push(2 * (place >> 2) + back)
      }
    }
  }
}
