import type { ExplainedVerdict } from '@firebreak/policy'
import type { VerdictRequest } from '../snapshot.ts'

/** An account that no label stands on, and that most of those it was meant for do not get to see. */
export interface MostlyWithheld {
  readonly account: string
  readonly asked: number
  readonly withheld: number
}

interface Seen {
  asked: number
  withheld: number
}

const EVERY = 8
const LEAST = 50
const SHARE = 0.5
const MOST = 100_000

/**
 * Watches for the guard's own mistakes: one question in eight is looked at; an unlabelled account that was withheld from
 * more than half of at least fifty of them is named, so that somebody looks. Memory: 100,000 accounts at most.
 */
export class WithheldWatch {
  readonly #seen = new Map<string, Seen>()
  readonly #named = new Map<string, MostlyWithheld>()
  #calls = 0

  /** Counts a question; returns accounts that have just become too much withheld. */
  look(
    { subjects }: VerdictRequest,
    verdicts: readonly ExplainedVerdict[],
    isLabelled: (account: string) => boolean,
  ): MostlyWithheld[] {
    if (++this.#calls % EVERY !== 0) return []
    const fresh: MostlyWithheld[] = []
    for (let i = 0; i < verdicts.length; i++) {
      const { type, id, author } = subjects[i]!
      const account = author ?? (type === 'account' ? id : undefined)
      if (account === undefined) continue
      const withheld = verdicts[i]!.action === 'drop' || verdicts[i]!.action === 'hold'
      const seen = this.#seen.get(account) ?? (withheld && !isLabelled(account) ? this.#begin(account) : undefined)
      if (seen === undefined) continue
      seen.asked++
      if (withheld) seen.withheld++
      if (this.#named.has(account) || seen.asked < LEAST || seen.withheld <= SHARE * seen.asked) continue
      const named = { account, ...seen }
      this.#named.set(account, named)
      fresh.push(named)
    }
    return fresh
  }

  /** Everybody named so far, as they were then. */
  named(): MostlyWithheld[] {
    return [...this.#named.values()]
  }

  #begin(account: string): Seen {
    const seen = { asked: 0, withheld: 0 }
    this.#seen.set(account, seen)
    if (this.#seen.size > MOST) this.#seen.delete(this.#seen.keys().next().value!)
    return seen
  }
}
