import type { RelationName } from './edge-list.ts'

/** Everything that accounts share without being accounts: hashtags, links, media, groups, identifiers; numbered after the accounts. */
export class Items {
  readonly #accounts: number
  readonly #names: string[] = []
  readonly #kinds: RelationName[] = []
  readonly #numbers = new Map<string, number>()

  constructor(accounts: number) {
    this.#accounts = accounts
  }

  get count(): number {
    return this.#names.length
  }

  /** The node number of an item; made when it is new. Only the words of hashtags show in its name: other keys would give the planted away. */
  node(kind: RelationName, key: string | number): number {
    const full = `${kind}:${key}`
    const known = this.#numbers.get(full)
    if (known !== undefined) return known
    const number = this.#names.length
    const spoken = kind === 'hashtag' && /^[a-z]/.test(String(key))
    this.#names.push(spoken ? String(key) : nameOf(kind, String(key), number))
    this.#kinds.push(kind)
    this.#numbers.set(full, this.#accounts + number)
    return this.#accounts + number
  }

  /** What a platform would call the item: a hashtag's word, an address, a device, a number. */
  nameOf(node: number): string {
    return this.#names[node - this.#accounts]!
  }

  kindOf(node: number): RelationName {
    return this.#kinds[node - this.#accounts]!
  }

  /** Id in an edge list: `kind:name`, which no account's id can be. */
  idOf(node: number): string {
    return `${this.kindOf(node)}:${this.nameOf(node)}`
  }
}

/** Address blocks that are reserved for documentation (RFC 5737). */
const DOCUMENTATION = ['192.0.2', '198.51.100', '203.0.113'] as const

/** Carriers (keys c0, c1, …) show as addresses, everything else as an opaque number. */
function nameOf(kind: RelationName, key: string, number: number): string {
  const carrier = /^c(\d+)$/.exec(key)
  if (kind !== 'identifier' || carrier === null) return `${kind}-${opaque(number)}`
  const place = Number(carrier[1])
  return `${DOCUMENTATION[Math.floor(place / 256) % 3]}.${place % 256}`
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
