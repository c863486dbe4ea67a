import { type RelationName, relationCode } from './edge-list.ts'

/** Everything that accounts share without being accounts: hashtags, links, media, groups, identifiers; numbered after the accounts. */
export class Items {
  readonly ids: string[] = []
  readonly #accounts: number
  readonly #numbers = new Map<string, number>()
  /** Relation that reaches each item. */
  readonly relations: number[] = []

  constructor(accounts: number) {
    this.#accounts = accounts
  }

  /** The node number of an item; made when it is new. Only the words of hashtags show in the id: other names would give the planted away. */
  node(kind: RelationName, name: string | number): number {
    const key = `${kind}-${name}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.ids.length
    const spoken = kind === 'hashtag' && /^[a-z]/.test(String(name))
    this.ids.push(spoken ? key : `${kind}-${opaque(number)}`)
    this.relations.push(relationCode(kind))
    this.#numbers.set(key, this.#accounts + number)
    return this.#accounts + number
  }

  idOf(node: number): string {
    return this.ids[node - this.#accounts]!
  }

  relationOf(node: number): number {
    return this.relations[node - this.#accounts]!
  }
}

/** Multiplying by an odd number permutes the integers below 2^24, so that different numbers stay different. */
function opaque(number: number): string {
  return (Math.imul(number, 0x9e3779b1) & 0xff_ffff).toString(36)
}

/** Posts in the order of their making; a post's number is its place. `at` counts seconds from the first day. */
export class Posts {
  author = new Int32Array(1024)
  at = new Uint32Array(1024)
  count = 0

  add(author: number, at: number): number {
    if (this.count === this.author.length) {
      const size = this.count * 2
      const authors = new Int32Array(size)
      authors.set(this.author)
      const times = new Uint32Array(size)
      times.set(this.at)
      this.author = authors
      this.at = times
    }
    this.author[this.count] = author
    this.at[this.count] = at
    return this.count++
  }
}
