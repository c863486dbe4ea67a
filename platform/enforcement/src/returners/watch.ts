import { type Clock, DAY } from '@firebreak/kernel'
import type { Label, Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import { enqueueWebhook } from '@firebreak/review'
import { type Removal, removedAccounts } from '../store/sanctions.ts'
import { isRebuilt, MOST_SHARING, type ReturnFacts, type ReturnTie, returnTies, type Sign } from './returners.ts'

export interface WatchParts {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Told of each account that was labelled: what else follows a return is the operator's policy. Safe to be told twice. */
  readonly onReturn?: (account: string, planId: string) => Promise<void>
  readonly onFault: (error: unknown) => void
}

/** A label that only limits visibility, for 30 days; what else follows a return, a human decides. */
export const RETURNER = 'returner'
/** Kind of the document that says a network is being rebuilt; one a plan. */
export const REBUILT_ALERT = 'rebuilt-alert'
export const REBUILT_EVENT = 'org.firebreak.network.rebuilt.v1'
const RETURNER_DAYS = 30
const WATCHER: Principal = { kind: 'system', id: 'returners' }
const CURSOR = 'returners'
const TELLING = ['account.created', 'account.updated', 'identifier.seen'] as const

interface Evidence {
  readonly ties: readonly ReturnTie[]
}

/**
 * Follows the ledger and looks at every account that shows an identifier or a backup after a removal: an exact tie makes a label within
 * the second; an identifier that turns out to be shared by many takes the labels back that it alone had made; and a network of which a
 * tenth is back raises an alert.
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
    const options = { signal: this.#stop.signal, types: [...TELLING], onFault }
    const deliver = async (events: readonly StoredEvent[]) => void (await this.look(events))
    this.#relay = ledger.outbox.relay(CURSOR, deliver, options).catch(onFault)
  }

  /** Looks at the accounts behind some events; returns those it labelled. */
  async look(events: readonly StoredEvent[]): Promise<string[]> {
    const { ledger, clock } = this.#parts
    const removed = await removedAccounts(ledger, clock())
    if (removed.size === 0) return []
    const facts = await this.#facts(signsIn(events, removed))
    await this.#takeBack(facts)
    const since = new Map([...removed].map(([account, removal]) => [account, removal.since]))
    const labelled: string[] = []
    const plans = new Set<string>()
    for (const one of facts) {
      const ties = returnTies(one, since)
      if (ties.length === 0) continue
      const { planId } = removed.get(ties[0]!.removed)!
      if (!(await this.#label(one.account, ties, planId))) continue
      labelled.push(one.account)
      await this.#tell(one.account, planId)
      plans.add(planId)
    }
    for (const planId of plans) await this.#alert(planId, removed)
    return labelled
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#relay
  }

  /** A receiver that fails costs its own news, not the watch. */
  async #tell(account: string, planId: string): Promise<void> {
    const { onReturn, onFault } = this.#parts
    try {
      await onReturn?.(account, planId)
    } catch (error) {
      onFault(error)
    }
  }

  async #facts(signs: ReadonlyMap<string, readonly Sign[]>): Promise<ReturnFacts[]> {
    const { ledger } = this.#parts
    const all = [...signs.values()].flat()
    const identifiers = new Set(all.flatMap((sign) => (sign.kind === 'identifier' ? [sign.identifier] : [])))
    const holders = await ledger.neighbours([...identifiers], { relations: ['identifier'] })
    const named = await ledger.neighbours(
      [...signs].filter(([, shown]) => shown.some(({ kind }) => kind === 'backup')).map(([account]) => account),
      { relations: ['backup'] },
    )
    const holdersOf = new Map(
      [...holders].map(([item, { neighbours }]) => [item, neighbours.map(({ other }) => other)]),
    )
    return [...signs].map(([account, shown]) => ({
      account,
      signs: shown,
      holders: holdersOf,
      namedBy: new Set(
        (named.get(account)?.neighbours ?? []).filter(({ direction }) => direction === 'in').map(({ other }) => other),
      ),
    }))
  }

  async #label(account: string, ties: readonly ReturnTie[], planId: string): Promise<boolean> {
    const { ledger, clock } = this.#parts
    const subject = { type: 'account', id: account }
    const standing = await ledger.labels.active({ subject, value: RETURNER })
    if (standing.length > 0) return false
    const evidence: Evidence = { ties }
    await ledger.labels.apply(
      [
        {
          subject,
          value: RETURNER,
          source: 'enforcement',
          reason: reasonOf(ties),
          evidence,
          caseId: planId,
          probability: 1,
          expiresAt: new Date(clock() + RETURNER_DAYS * DAY).toISOString(),
        },
      ],
      WATCHER,
    )
    return true
  }

  /** An identifier that more and more accounts show was no person's own. */
  async #takeBack(facts: readonly ReturnFacts[]): Promise<void> {
    const { ledger } = this.#parts
    const common = new Map<string, readonly string[]>()
    for (const { signs, holders } of facts)
      for (const sign of signs) {
        const sharing = sign.kind === 'identifier' ? (holders.get(sign.identifier) ?? []) : []
        if (sign.kind === 'identifier' && sharing.length > MOST_SHARING) common.set(sign.identifier, sharing)
      }
    const wrong: string[] = []
    for (const account of new Set([...common.values()].flat()))
      for (const label of await ledger.labels.active({ subject: { type: 'account', id: account }, value: RETURNER }))
        if (tiesOf(label).every((tie) => tie.kind === 'identifier' && common.has(tie.identifier))) wrong.push(label.id)
    if (wrong.length > 0) await ledger.labels.retract(wrong, WATCHER, 'the identifier turned out to be shared by many')
  }

  /** Once a plan: a document for the console and a webhook for whoever asked. */
  async #alert(planId: string, removed: ReadonlyMap<string, Removal>): Promise<void> {
    const { ledger } = this.#parts
    const gone = [...removed.values()].filter((removal) => removal.planId === planId).length
    const back = (await ledger.labels.active({ caseId: planId, value: RETURNER })).length
    if (!isRebuilt(back, gone)) return
    await ledger.transaction(WATCHER, async (tx) => {
      const alert = { planId, removed: gone, returned: back, at: new Date(tx.now).toISOString() }
      if ((await tx.putDocument(REBUILT_ALERT, planId, alert, { ifVersion: 0 })) === null) return
      await enqueueWebhook(tx, { id: `rebuilt-${planId}`, type: REBUILT_EVENT, data: alert })
      await tx.record('network.rebuilt', alert)
    })
  }
}

function signsIn(events: readonly StoredEvent[], removed: ReadonlyMap<string, Removal>): Map<string, Sign[]> {
  const signs = new Map<string, Sign[]>()
  const add = (account: string, sign: Sign) => {
    if (!removed.has(account)) signs.set(account, [...(signs.get(account) ?? []), sign])
  }
  for (const { type, actor, subject, at: time, data } of events) {
    const at = Date.parse(time)
    if (type === 'identifier.seen') add(actor.id, { kind: 'identifier', identifier: `identifier:${subject.id}`, at })
    else if (Array.isArray(data?.backups))
      for (const names of data.backups as unknown[])
        if (typeof names === 'string') add(subject.id, { kind: 'backup', names, at })
  }
  return signs
}

function tiesOf({ evidence }: Label): readonly ReturnTie[] {
  return (evidence as Evidence | undefined)?.ties ?? []
}

function reasonOf(ties: readonly ReturnTie[]): string {
  const kinds = new Set(ties.map(({ kind }) => kind))
  const words = [
    ...(kinds.has('identifier') ? ['an identifier of a removed account, shown after its removal'] : []),
    ...(kinds.has('backup') ? ['a backup named on both sides'] : []),
  ]
  return words.join(' and ')
}
