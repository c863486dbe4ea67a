import { type AgeBand, ageBandOf } from '@firebreak/policy'
import { pairKey, WindowedCounters } from './counters.ts'
import type { Delta, PeopleSoFar } from './deltas.ts'
import type { People } from './people.ts'

const DAY = 86_400_000
const MONTH = 30 * DAY
const MOST_KNOWN = 50_000
const MOST_WANTED = 5_000
const FRESH = 5 * 60_000

interface Connections {
  readonly mutual: ReadonlySet<string>
  readonly at: number
}

/** Ages, counts and connections in memory. Who is connected with whom is fetched in the background, on first need. */
export class PeopleBook implements People {
  readonly #ages = new Map<string, AgeBand>()
  readonly #counters = new WindowedCounters()
  readonly #connections = new Map<string, Connections>()
  readonly #wanted = new Set<string>()
  readonly #clock: () => number

  constructor(clock: () => number) {
    this.#clock = clock
  }

  ageOf(account: string): AgeBand {
    return this.#ages.get(account) ?? 'unknown'
  }

  /** Until the connections of one of the two were fetched: not known. */
  related(a: string, b: string): boolean | undefined {
    if (a === b) return true
    const now = this.#clock()
    const [one, two] = [this.#connections.get(a), this.#connections.get(b)]
    if (one && now - one.at < FRESH) return one.mutual.has(b)
    if (two && now - two.at < FRESH) return two.mutual.has(a)
    if (this.#wanted.size < MOST_WANTED) this.#wanted.add(a)
    return undefined
  }

  countIn(counter: string, key: string, windowMs: number, at: number, other?: string): number {
    return this.#counters.count(counter, other === undefined ? key : pairKey(key, other), windowMs, at)
  }

  /** Accounts whose connections were asked for and are not known; each is handed out once. */
  takeWanted(): string[] {
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    return wanted
  }

  setConnections(account: string, mutual: ReadonlySet<string>): void {
    this.#connections.delete(account)
    this.#connections.set(account, { mutual, at: this.#clock() })
    if (this.#connections.size > MOST_KNOWN) this.#connections.delete(this.#connections.keys().next().value!)
  }

  setAge(account: string, band: string): void {
    const age = ageBandOf(band)
    if (age === 'unknown') this.#ages.delete(account)
    else this.#ages.set(account, age)
  }

  addCount(counter: string, account: string, other: string | undefined, hour: number, count = 1): void {
    this.#counters.add(counter, other === undefined ? account : pairKey(account, other), hour, count)
  }

  take(delta: Delta): void {
    if (delta.kind === 'age') this.setAge(delta.account, delta.band)
    else if (delta.kind === 'count') this.addCount(delta.counter, delta.account, delta.other, delta.hour)
    else this.forget(delta.account)
  }

  forget(account: string): void {
    this.#ages.delete(account)
    this.#counters.forget(account)
    this.#connections.delete(account)
  }

  /** What deltas need to know; `follows`: pairs "minor follows account" of the batch. */
  soFar(follows: ReadonlySet<string>, at: number): PeopleSoFar {
    return {
      ageOf: (account) => this.ageOf(account),
      followsBack: (account, other) => follows.has(pairKey(other, account)),
      known: (counter, account, other) => this.countIn(counter, account, MONTH, at, other) > 0,
    }
  }

  /** Forgets ages and counts; connections stay. */
  clear(): void {
    this.#ages.clear()
    this.#counters.clear()
  }

  sweep(at: number): void {
    this.#counters.sweep(at)
  }

  get size(): { readonly ages: number; readonly connections: number } {
    return { ages: this.#ages.size, connections: this.#connections.size }
  }
}
