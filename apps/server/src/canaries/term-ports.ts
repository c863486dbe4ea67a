import { type Guard, judgeRequest } from '@firebreak/guard'
import type { Clock } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Surface } from '@firebreak/policy'
import type { Secrets } from '../access/secrets.ts'
import { Kept } from '../reports/kept.ts'
import type { CanaryPort } from './watch.ts'

/** Surfaces where a blocked text must be caught. */
const CAUGHT: readonly Surface[] = ['search', 'hashtag_page', 'profile', 'comment']

const CLEAN = 'a bowl of plums by the window'

/**
 * The term that canaries carry. An operator takes one through the lexicon like any other (two people, then live) and names it here,
 * since the lexicon never gives a text back. It is kept sealed.
 */
export class CanaryTerm {
  readonly #kept: Kept<{ readonly sealed: string | null }>
  readonly #secrets: Secrets

  private constructor(kept: Kept<{ readonly sealed: string | null }>, secrets: Secrets) {
    this.#kept = kept
    this.#secrets = secrets
  }

  static async open(ledger: Ledger, secrets: Secrets): Promise<CanaryTerm> {
    return new CanaryTerm(
      await Kept.open<{ readonly sealed: string | null }>(ledger, 'canary', 'term', { sealed: null }),
      secrets,
    )
  }

  get text(): string | null {
    const { sealed } = this.#kept.value
    return sealed === null ? null : this.#secrets.unseal(sealed)
  }

  set(text: string | null, by: Principal): Promise<void> {
    return this.#kept.write({ sealed: text === null ? null : this.#secrets.seal(text) }, by)
  }
}

/** The term, plain and in capitals with a mark between its words, must be caught on every surface; a text of other words must not. */
export function termPorts(term: CanaryTerm, guard: Guard, clock: Clock): CanaryPort[] {
  return CAUGHT.map((surface) => ({
    surface: `term/${surface}`,
    live: () => term.text !== null && guard.snapshot.compiled.policy.on,
    fly: async () => {
      const text = term.text!
      const subjects = [text, `see ${text.toUpperCase()} now`, CLEAN].map((one) => ({
        type: 'content',
        text: one,
      }))
      const [plain, disguised, other] = judgeRequest(guard.snapshot, { surface, subjects }, clock())
      if (plain!.action === 'allow') return { state: 'leaked', detail: 'the blocked term was let through' }
      if (disguised!.action === 'allow') return { state: 'leaked', detail: 'the term in capitals was let through' }
      if (other!.action !== 'allow') return { state: 'leaked', detail: 'a text without the term was caught' }
      return { state: 'found' }
    },
  }))
}
