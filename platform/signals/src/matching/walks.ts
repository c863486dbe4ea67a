import { hammingDistance } from '@firebreak/media'

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
  readonly recent: { readonly hash: Uint8Array; readonly at: number }[]
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
    const { recent } = asker
    while (recent.length > 0 && (recent[0]!.at <= at - HOUR || recent.length >= REMEMBERED)) recent.shift()
    let near = 0
    for (const { hash: other } of recent) {
      const distance = hammingDistance(hash, other)
      // Asked again is no step.
      if (distance === 0) return near >= this.#limits.walk ? refused('walk', HOUR) : { ok: true }
      if (distance <= STEP) near++
    }
    recent.push({ hash: hash.slice(), at })
    if (near < this.#limits.walk) return { ok: true }
    const first = at - asker.alarmedAt > HOUR
    if (first) asker.alarmedAt = at
    return { ...refused('walk', HOUR), first }
  }

  #asker(key: string, at: number): Asker {
    const [minute, day] = [Math.floor(at / MINUTE), Math.floor(at / DAY)]
    let asker = this.#askers.get(key)
    if (asker === undefined) {
      asker = { minute, inMinute: 0, day, inDay: 0, recent: [], alarmedAt: Number.NEGATIVE_INFINITY }
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
