import type { Situation } from './facts.ts'
import type { Policy } from './policy.ts'
import { REACH } from './surfaces.ts'
import type { ExplainedVerdict } from './verdict.ts'

/** `subject` rules can be judged when a label changes; `pair` rules also look at who is asking. */
export interface Rule {
  readonly id: string
  readonly scope: 'subject' | 'pair'
  readonly says: string
  readonly applies: (situation: Situation) => boolean
  readonly verdict: (policy: Policy) => Pick<ExplainedVerdict, 'action' | 'reason' | 'factor'>
}

const drop = () => ({ action: 'drop', reason: 'not-eligible' }) as const

/** The default rules; the first that applies decides, and where none does the answer is allow. */
export const DEFAULT_RULES: readonly Rule[] = [
  {
    id: 'member-not-amplified',
    scope: 'subject',
    says: 'The account, or the author of the content, is labelled as a likely member of a mapped network.',
    applies: ({ surface, subject }) => subject === 'member' && REACH[surface] === 'amplifies',
    verdict: drop,
  },
  {
    id: 'member-ranked-lower',
    scope: 'subject',
    says: 'A likely member of a mapped network was asked for; it is shown lower, not hidden.',
    applies: ({ surface, subject }) => subject === 'member' && REACH[surface] === 'ranks',
    verdict: (policy) => ({ action: 'downrank', reason: 'limited-reach', factor: policy.downrankFactor }),
  },
  {
    id: 'suspects-apart',
    scope: 'pair',
    says: 'Viewer and account are both near the same kind of network; accounts under suspicion are not connected with each other.',
    applies: ({ surface, subject, viewer }) =>
      subject !== 'none' && viewer !== 'none' && REACH[surface] === 'amplifies',
    verdict: drop,
  },
  {
    id: 'contagion-limit',
    scope: 'pair',
    says: 'The viewer had contact with a mapped network; its near neighbours, found or not, are not proposed next.',
    applies: ({ surface, subject, actedOnMembers, exposure }) =>
      exposure !== 'none' && (subject === 'adjacent' || actedOnMembers) && REACH[surface] === 'amplifies',
    verdict: drop,
  },
  {
    id: 'flooded-list',
    scope: 'pair',
    says: 'Most of this list is a mapped network and its near neighbours; the platform should fall back to its non-personal list.',
    applies: ({ surface, exposure }) => exposure === 'flooded' && REACH[surface] === 'amplifies',
    verdict: drop,
  },
]
