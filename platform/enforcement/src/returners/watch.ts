import type { Clock } from '@firebreak/kernel'
import { DAY } from '@firebreak/kernel'
import type { Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import { removedAccounts } from '../store/sanctions.ts'
import { isRebuilt, MOST_SHARING, type ReturnFacts, type ReturnTie, returnTies } from './returners.ts'

export interface WatchParts {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Told once for each network that is being rebuilt. */
  readonly onRebuilt?: (planId: string, returned: number) => void
  readonly onFault: (error: unknown) => void
}

/** A label that only limits visibility, for 30 days; what else follows a return, a human decides. */
export const RETURNER = 'returner'
const RETURNER_DAYS = 30
const WATCHER: Principal = { kind: 'system', id: 'returners' }
const TELLING = ['account.created', 'account.updated', 'identifier.seen'] as const

/**
 * Follows the ledger and looks at every account that shows a new identifier or backup: exact ties to a removed account make a label
 * within the second, and a network of which a tenth is back raises an alert.
 */
export class ReturnWatch {
  readonly #parts: WatchParts
  readonly #stop = new AbortController()
  #relay: Promise<void> = Promise.resolve()

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  start(): void {
    const { ledger, onFault } = this.#parts
    this.#relay = ledger.outbox
      .relay('returners', async (events) => void (await this.look(events)), {
        signal: this.#stop.signal,
        types: [...TELLING],
      })
      .catch(onFault)
  }

  /** Looks at the accounts behind some events; returns those it labelled. */
  async look(events: readonly StoredEvent[]): Promise<string[]> {
    const { ledger, clock } = this.#parts
    const removed = await removedAccounts(ledger, clock())
    if (removed.size === 0) return []
    const accounts = [
      ...new Set(events.map(({ type, actor, subject }) => (type === 'identifier.seen' ? actor.id : subject.id))),
    ]
    const fresh = accounts.filter((account) => !removed.has(account))
    const facts = await this.#facts(fresh)
    const tied = facts
      .map((one) => ({ account: one.account, ties: returnTies(one, new Set(removed.keys())) }))
      .filter(({ ties }) => ties.length > 0)
    const labelled: string[] = []
    for (const { account, ties } of tied)
      if (await this.#label(account, ties, removed.get(ties[0]!.removed)!)) labelled.push(account)
    for (const planId of new Set(tied.map(({ ties }) => removed.get(ties[0]!.removed)!)))
      await this.#alert(planId, removed)
    return labelled
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#relay
  }

  async #facts(accounts: readonly string[]): Promise<ReturnFacts[]> {
    const { ledger } = this.#parts
    const own = await ledger.neighbours(accounts, { relations: ['identifier', 'backup'] })
    const items = new Set<string>()
    for (const { neighbours } of own.values())
      for (const { relation, other } of neighbours) if (relation === 'identifier') items.add(other)
    const holders = await ledger.neighbours([...items], { relations: ['identifier'] })
    return accounts.map((account) => {
      const neighbours = own.get(account)?.neighbours ?? []
      const backups = neighbours.filter(({ relation }) => relation === 'backup')
      return {
        account,
        identifiers: new Map(
          neighbours
            .filter(({ relation }) => relation === 'identifier')
            .map(({ other }) => [other, (holders.get(other)?.neighbours ?? []).map((holder) => holder.other)]),
        ),
        names: new Set(backups.filter(({ direction }) => direction === 'out').map(({ other }) => other)),
        namedBy: new Set(backups.filter(({ direction }) => direction === 'in').map(({ other }) => other)),
      }
    })
  }

  async #label(account: string, ties: readonly ReturnTie[], planId: string): Promise<boolean> {
    const { ledger, clock } = this.#parts
    const subject = { type: 'account', id: account }
    const standing = await ledger.labels.active({ subject, value: RETURNER })
    if (standing.length > 0) return false
    await ledger.labels.apply(
      [
        {
          subject,
          value: RETURNER,
          source: 'enforcement',
          reason: reasonOf(ties),
          caseId: planId,
          probability: 1,
          expiresAt: new Date(clock() + RETURNER_DAYS * DAY).toISOString(),
        },
      ],
      WATCHER,
    )
    return true
  }

  async #alert(planId: string, removed: ReadonlyMap<string, string>): Promise<void> {
    const { ledger, onRebuilt } = this.#parts
    const gone = [...removed.values()].filter((plan) => plan === planId).length
    const back = await ledger.labels.active({ caseId: planId, value: RETURNER })
    if (!isRebuilt(back.length, gone)) return
    const told = await ledger.documents.get('rebuilt-alert', planId)
    if (told) return
    await ledger.documents.put('rebuilt-alert', planId, { planId, removed: gone, returned: back.length }, WATCHER)
    onRebuilt?.(planId, back.length)
  }
}

function reasonOf(ties: readonly ReturnTie[]): string {
  const kinds = new Set(ties.map(({ kind }) => kind))
  const words = [
    ...(kinds.has('identifier')
      ? [`an identifier shared with a removed account (at most ${MOST_SHARING} accounts have it)`]
      : []),
    ...(kinds.has('backup') ? ['a backup named on both sides'] : []),
  ]
  return words.join(' and ')
}
