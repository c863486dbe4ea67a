import type { Proposed, TermLists } from '@firebreak/enforcement'
import { isFirebreakError } from '@firebreak/kernel'
import type { Principal } from '@firebreak/ledger'
import type { AddedEntry, Entries } from '@firebreak/signals'

/** Days of events that a proposed term is tried on before a second person sees it. */
const TRIED_DAYS = 7

/** The lexicon as decisions use it: a proposal is drafted in the decider's name, tried, and waits for a second person like any other. */
export function termListsOver(entries: Pick<Entries, 'add' | 'test' | 'submit' | 'expire'>): TermLists {
  return {
    propose: async (text, by) => {
      try {
        const [added] = await entries.add([text], by)
        if (added!.id === null) return { entry: null, why: refusal(added!) }
        return { entry: added!.id, why: await toReview(entries, added!.id, by) }
      } catch (error) {
        return { entry: null, why: mistakeIn(error) }
      }
    },
    withdraw: async (entry, reason, by) => void (await entries.expire(entry, reason, by)),
  }
}

async function toReview(entries: Pick<Entries, 'test' | 'submit'>, id: string, by: Principal): Promise<string | null> {
  try {
    await entries.test(id, TRIED_DAYS, by)
    await entries.submit(id, by)
    return null
  } catch (error) {
    return `${mistakeIn(error)}; it is a draft in the lexicon`
  }
}

/** Codes, not words: a lint quotes what it found. */
function refusal({ status, lint }: AddedEntry): Proposed['why'] {
  if (status === 'duplicate') return null
  const codes = lint.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  return `the lexicon refuses it (${codes.join(', ')})`
}

function mistakeIn(error: unknown): string {
  if (!isFirebreakError(error)) throw error
  return `the lexicon refuses it (${error.code})`
}
