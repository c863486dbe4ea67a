/** Settings of the watch over what one key asks. */
export interface AskLimits {
  /** Hashes asked about in a minute. */
  readonly perMinute: number
  /** Hashes asked about in a day. */
  readonly perDay: number
  /** Different near-identical PDQ hashes within an hour that count as a walk. */
  readonly walk: number
}

/** Enough for a platform that looks up what is posted, too little to explore with; an operator sets its own. */
export const ASK_LIMITS: AskLimits = { perMinute: 1_200, perDay: 1_000_000, walk: 24 }

/** `walk`: this hash continues a series of small changes of one picture, as made to find out where a bank's edge lies. */
export type Asked =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'budget' | 'walk'; readonly retryAfterMs: number; readonly first: boolean }

interface Asker {
  minute: number
  inMinute: number
  day: number
  inDay: number
  readonly recent: Recent
  alarmedAt: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A re-encoded or slightly changed picture stays within this; two pictures hardly ever come this close. */
const STEP = 40
const REMEMBERED = 2_048

/**
 * What each key asks about hashes: budgets, and an alarm on walks (many different hashes that are nearly the same). In memory of one
 * process; a restart forgives. Cost: one comparison with the last 2,048 different hashes of the key.
 */
export class AskWatch {
  readonly #limits: AskLimits
  readonly #askers = new Map<string, Asker>()

  constructor(limits: AskLimits = ASK_LIMITS) {
    this.#limits = limits
  }

  /** Notes one question of a key. `first`: nobody was told of this walk yet. */
  ask(key: string, pdq: Uint8Array | null, at: number): Asked {
    const asker = this.#asker(key, at)
    if (++asker.inMinute > this.#limits.perMinute) return refused('budget', (asker.minute + 1) * MINUTE - at)
    if (++asker.inDay > this.#limits.perDay) return refused('budget', (asker.day + 1) * DAY - at)
    return pdq === null ? { ok: true } : this.#walk(asker, pdq, at)
  }

  #walk(asker: Asker, hash: Uint8Array, at: number): Asked {
    const { near, known } = asker.recent.look(hash, at - HOUR)
    // Asked again is no step.
    if (!known) asker.recent.add(hash, at)
    if (near < this.#limits.walk) return { ok: true }
    const first = !known && at - asker.alarmedAt > HOUR
    if (first) asker.alarmedAt = at
    return { ...refused('walk', HOUR), first }
  }

  #asker(key: string, at: number): Asker {
    const [minute, day] = [Math.floor(at / MINUTE), Math.floor(at / DAY)]
    let asker = this.#askers.get(key)
    if (asker === undefined) {
      asker = { minute, inMinute: 0, day, inDay: 0, recent: new Recent(), alarmedAt: Number.NEGATIVE_INFINITY }
      this.#askers.set(key, asker)
    }
    if (asker.minute !== minute) Object.assign(asker, { minute, inMinute: 0 })
    if (asker.day !== day) Object.assign(asker, { day, inDay: 0 })
    return asker
  }
}

function refused(why: 'budget' | 'walk', retryAfterMs: number): Extract<Asked, { ok: false }> {
  return { ok: false, why, retryAfterMs, first: false }
}

const WORDS = 8

/** The last different hashes of one key, in flat arrays: a question looks at all of them. */
class Recent {
  readonly #words = new Uint32Array(REMEMBERED * WORDS)
  readonly #at = new Float64Array(REMEMBERED)
  readonly #asked = new Uint32Array(WORDS)
  #count = 0

  add(hash: Uint8Array, at: number): void {
    const place = this.#count++ % REMEMBERED
    for (let word = 0; word < WORDS; word++) this.#words[place * WORDS + word] = wordOf(hash, word)
    this.#at[place] = at
  }

  /** How many different hashes since a moment are nearly this one, and whether this one is among them. */
  look(hash: Uint8Array, since: number): { near: number; known: boolean } {
    for (let word = 0; word < WORDS; word++) this.#asked[word] = wordOf(hash, word)
    let near = 0
    let known = false
    for (let place = Math.min(this.#count, REMEMBERED) - 1; place >= 0; place--) {
      if (this.#at[place]! <= since) continue
      const distance = this.#distance(place)
      if (distance === 0) known = true
      else if (distance <= STEP) near++
    }
    return { near, known }
  }

  /** Given up as soon as it is too far: of two pictures after three words on average. */
  #distance(place: number): number {
    let distance = 0
    for (let word = 0; word < WORDS && distance <= STEP; word++)
      distance += ones(this.#words[place * WORDS + word]! ^ this.#asked[word]!)
    return distance
  }
}

function wordOf(hash: Uint8Array, word: number): number {
  const at = word * 4
  return hash[at]! | (hash[at + 1]! << 8) | (hash[at + 2]! << 16) | (hash[at + 3]! << 24)
}

/** Ones in 32 bits (Warren, Hacker's Delight, 5-1). */
function ones(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
