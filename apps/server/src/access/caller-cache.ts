import { type Clock, SECOND } from '@firebreak/kernel'
import type { Caller } from './caller.ts'

const LIFE = SECOND
/** From this age on the store is asked again beside the questions, so that none of them waits for it. */
const RENEWED_AT = SECOND / 2
const MOST = 10_000

interface Entry {
  readonly caller: Caller
  /** When the store was asked for it. */
  readonly askedAt: number
}

/**
 * Callers seen within the last second, so that the store is not in the path of every question. What ends a credential in
 * this process empties it; what ends one in another process counts here within that second. The store is asked once at a time
 * for a token, however many questions come with it, and already before the second is over.
 */
export class CallerCache {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  readonly #asked = new Map<string, Promise<Caller | null>>()
  /** Grows with every `forget`, so that an answer asked for before it is not kept after it. */
  #generation = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The caller at once when it is known; a promise while the store has to be asked. Rejects as `find` does. */
  get(token: string, find: () => Promise<Caller | null>): Caller | Promise<Caller | null> {
    const known = this.#entries.get(token)
    const age = known ? this.#clock() - known.askedAt : Number.POSITIVE_INFINITY
    if (!known || !(age >= 0 && age < LIFE)) return this.#ask(token, find)
    // Failing, it leaves the entry to its end; then a question waits, and is told.
    if (age >= RENEWED_AT) this.#ask(token, find).catch(() => {})
    return known.caller
  }

  forget(): void {
    this.#generation++
    this.#entries.clear()
    this.#asked.clear()
  }

  #ask(token: string, find: () => Promise<Caller | null>): Promise<Caller | null> {
    const asked = this.#asked.get(token)
    if (asked) return asked
    const answer = this.#find(token, find).finally(() => {
      if (this.#asked.get(token) === answer) this.#asked.delete(token)
    })
    this.#asked.set(token, answer)
    return answer
  }

  async #find(token: string, find: () => Promise<Caller | null>): Promise<Caller | null> {
    const askedAt = this.#clock()
    const generation = this.#generation
    const caller = await find()
    if (generation !== this.#generation) return caller
    this.#entries.delete(token)
    if (!caller) return null
    if (this.#entries.size >= MOST) this.#entries.clear()
    this.#entries.set(token, { caller, askedAt })
    return caller
  }
}
