import { type Clock, SECOND } from '@firebreak/kernel'
import type { Caller } from './caller.ts'

const LIFE = SECOND
const MOST = 10_000

interface Entry {
  readonly caller: Caller
  readonly until: number
}

/**
 * Callers seen within the last second, so that the store is not in the path of every question. What ends a credential in
 * this process empties it; what ends one in another process counts here within that second.
 */
export class CallerCache {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  /** Grows with every `forget`, so that an answer asked for before it is not kept after it. */
  #generation = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async get(token: string, find: () => Promise<Caller | null>): Promise<Caller | null> {
    const now = this.#clock()
    const known = this.#entries.get(token)
    if (known && now < known.until) return known.caller
    this.#entries.delete(token)
    const generation = this.#generation
    const caller = await find()
    if (caller && generation === this.#generation) {
      if (this.#entries.size >= MOST) this.#entries.clear()
      this.#entries.set(token, { caller, until: now + LIFE })
    }
    return caller
  }

  forget(): void {
    this.#generation++
    this.#entries.clear()
  }
}
