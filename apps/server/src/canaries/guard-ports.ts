import { type Guard, judgeRequest } from '@firebreak/guard'
import { type Clock, MINUTE } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import type { Surface } from '@firebreak/policy'
import type { CanaryPort } from './watch.ts'

/** Surfaces where a member of a network must be withheld. */
const WITHHELD: readonly Surface[] = [
  'recommend_accounts',
  'recommend_content',
  'follow_prompt',
  'search',
  'autocomplete',
]
const BY = { kind: 'system', id: 'canaries' } as const

interface Parts {
  readonly ledger: Ledger
  readonly guard: Guard
  readonly clock: Clock
}

/** A labelled candidate that every surface must hold back, beside one without a label that none may. Judged past the counters. */
export function candidatePorts({ ledger, guard, clock }: Parts): CanaryPort[] {
  return WITHHELD.map((surface) => ({
    surface: `candidate/${surface}`,
    live: () => guard.snapshot.compiled.policy.on,
    fly: async (id) => {
      const now = clock()
      const [label] = await ledger.labels.apply(
        [
          {
            subject: { type: 'account', id },
            value: 'network-member',
            source: 'canary',
            reason: 'synthetic',
            probability: 0.999,
            expiresAt: new Date(now + 5 * MINUTE).toISOString(),
          },
        ],
        BY,
      )
      try {
        await guard.refresh()
        const subjects = [
          { type: 'account', id },
          { type: 'account', id: `${id}-clean` },
        ]
        const [held, clean] = judgeRequest(guard.snapshot, { surface, subjects }, now)
        if (held!.action === 'allow') return { state: 'leaked', detail: 'a labelled candidate was let through' }
        if (clean!.action !== 'allow')
          return { state: 'leaked', detail: `a candidate without a label was answered "${clean!.action}"` }
        return { state: 'found' }
      } finally {
        await ledger.labels.retract([label!.id], BY, 'canary over')
        await guard.refresh()
      }
    },
  }))
}
