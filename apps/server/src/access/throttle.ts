import { type Clock, FirebreakError, MINUTE } from '@firebreak/kernel'

interface Tries {
  failed: number
  blockedUntil: number
}

const FREE_TRIES = 5
const LONGEST = 15 * MINUTE
const MOST_NAMES = 10_000

/** Slows down guessing: after five failures for a name each further one doubles the wait, up to a quarter of an hour. */
export class Throttle {
  readonly #clock: Clock
  readonly #tries = new Map<string, Tries>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Throws `access/throttled` while the name has to wait. */
  check(name: string): void {
    const left = (this.#tries.get(name)?.blockedUntil ?? 0) - this.#clock()
    if (left > 0) throw new FirebreakError('access/throttled', [Math.ceil(left / 1000)])
  }

  failed(name: string): void {
    const tries = this.#tries.get(name) ?? { failed: 0, blockedUntil: 0 }
    tries.failed++
    if (tries.failed >= FREE_TRIES) {
      const wait = Math.min(LONGEST, 1_000 * 2 ** (tries.failed - FREE_TRIES))
      tries.blockedUntil = this.#clock() + wait
    }
    this.#tries.delete(name)
    this.#tries.set(name, tries)
    if (this.#tries.size > MOST_NAMES) this.#tries.delete(this.#tries.keys().next().value!)
  }

  succeeded(name: string): void {
    this.#tries.delete(name)
  }
}
