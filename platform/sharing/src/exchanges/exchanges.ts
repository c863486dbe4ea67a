import { type Clock, FirebreakError, HOUR, MINUTE, SECOND } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal } from '@firebreak/ledger'
import { type Banks, hexOf, type OpinionCategory, OWN, type Sealer, WorkLoop } from '@firebreak/signals'
import type { Delta, ExchangeAdapter, ExchangeContext } from './adapter.ts'
import { arachnidAdapter } from './arachnid.ts'
import { ExchangeStore, type ExchangeView, type HeldExchange } from './exchange-store.ts'
import { FeedbackStore } from './feedback-store.ts'
import { fileAdapter } from './file.ts'
import { ExchangeHttp, type HttpPort } from './http.ts'
import { type MalformedCount, MalformedStore } from './malformed-store.ts'
import { ncmecAdapter } from './ncmec.ts'
import { planDelta } from './plan.ts'
import { ExchangeProblem } from './problem.ts'
import { stopNciiAdapter } from './stopncii.ts'
import { threatExchangeAdapter } from './threatexchange.ts'

/** Every kind of source that can be read. */
export const ADAPTERS: readonly ExchangeAdapter[] = [
  ncmecAdapter,
  stopNciiAdapter,
  threatExchangeAdapter,
  arachnidAdapter,
  fileAdapter,
]

/** What exchanges are opened with. */
export interface ExchangesOptions {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly sealer: Sealer
  readonly clock: Clock
  readonly request: HttpPort
  /** Names this process among others. */
  readonly holder: string
  readonly ownHashes?: ExchangeContext['ownHashes']
  /** The folder of files that can be read as exchanges. */
  readonly lists?: string
  readonly sleep?: (ms: number) => Promise<void>
  /** Time between rounds (default 15 minutes). */
  readonly every?: number
  /** False: this process only answers (default true). */
  readonly working?: boolean
  readonly onFault?: (error: unknown) => void
}

/** How a round ended. */
export interface Round {
  readonly deltas: number
  readonly added: number
  readonly changed: number
  readonly withdrawn: number
  readonly malformed: number
  readonly failure: string | null
}

const BY: Principal = { kind: 'system', id: 'exchanges' }
const POLL = 5 * SECOND
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/
const MOST_FEEDBACK_TRIES = 12
const TAKING_FEEDBACK = ADAPTERS.filter(({ feedback }) => feedback !== undefined).map(({ kind }) => kind)
const BANKS_MOVED = Symbol('banks moved')

/**
 * Sources of shared hashes, read into banks from checkpoint to checkpoint: entries and checkpoint are one commit, so that a kill at
 * any moment repeats at most a page, and a page repeated changes nothing. What people decide later goes back to the source.
 */
export class Exchanges {
  readonly #options: ExchangesOptions
  readonly #store: ExchangeStore
  readonly #feedback: FeedbackStore
  readonly #malformed: MalformedStore
  readonly #loop: WorkLoop
  #begun = false

  private constructor(options: ExchangesOptions) {
    this.#options = options
    const { ledger, sealer } = options
    this.#store = new ExchangeStore(ledger, sealer)
    this.#feedback = new FeedbackStore(ledger, sealer)
    this.#malformed = new MalformedStore(ledger, sealer)
    this.#loop = new WorkLoop({ pollEvery: POLL, onFault: options.onFault })
  }

  static open(options: ExchangesOptions): Exchanges {
    const exchanges = new Exchanges(options)
    if (options.working ?? true) exchanges.#loop.run(() => exchanges.#step())
    return exchanges
  }

  list(): Promise<ExchangeView[]> {
    return this.#store.list()
  }

  malformed(name: string): Promise<MalformedCount[]> {
    return this.#malformed.counts(name)
  }

  feedbackCounts(): Promise<Record<'pending' | 'sent' | 'refused', number>> {
    return this.#feedback.counts()
  }

  /** Throws `input/invalid` for a kind, settings or credentials that cannot be. */
  async create(
    given: { name: string; kind: string; bank: string; settings: unknown; secrets: Readonly<Record<string, string>> },
    by: Principal,
  ): Promise<void> {
    const { name, kind, secrets } = given
    if (!NAME.test(name))
      throw new FirebreakError('input/invalid', ['an exchange name has letters a-z, digits and hyphens'])
    const adapter = adapterOf(kind)
    const settings = settingsFor(adapter, given.settings)
    checkSecrets(adapter, secrets)
    const bank = this.#options.banks.bank(given.bank)
    await this.#options.ledger.transaction(by, (tx) =>
      this.#store.createIn(tx, { name, kind, bank: bank.id, settings, secrets }),
    )
  }

  async change(
    name: string,
    change: {
      enabled?: boolean
      settings?: unknown
      secrets?: Readonly<Record<string, string>>
      fromBeginning?: boolean
    },
    by: Principal,
  ): Promise<void> {
    const view = (await this.#store.list()).find((one) => one.name === name)
    if (view === undefined) throw new FirebreakError('http/not-found', [`exchange ${name}`])
    const adapter = adapterOf(view.kind)
    const settings = change.settings === undefined ? {} : { settings: settingsFor(adapter, change.settings) }
    if (change.secrets !== undefined) checkSecrets(adapter, change.secrets)
    await this.#options.ledger.transaction(by, (tx) => this.#store.changeIn(tx, name, { ...change, ...settings }))
  }

  /** The exchange is no longer read. What it brought stays in the bank until a person withdraws it. */
  async remove(name: string, by: Principal): Promise<void> {
    const removed = await this.#options.ledger.transaction(by, (tx) => this.#store.removeIn(tx, name))
    if (!removed) throw new FirebreakError('http/not-found', [`exchange ${name}`])
  }

  /** One round now, to the source's end. Null when another process is at it. */
  async run(name: string): Promise<Round | null> {
    const { holder, clock } = this.#options
    const held = await this.#store.hold(holder, clock(), name)
    return held === null ? null : this.#round(held)
  }

  /**
   * A person's decision on an entry: stands in the bank at once, and goes to every source that feeds it and takes feedback. Answers how
   * many sources will be told.
   */
  async decide(given: { bank: string; entry: number; confirmed: boolean }, by: Principal): Promise<number> {
    const { ledger, banks } = this.#options
    const bank = banks.bank(given.bank)
    const { entry, confirmed } = given
    const stored = await banks.store.entryOf(bank.id, entry)
    if (stored === null) throw new FirebreakError('http/not-found', [`entry ${entry}`])
    const category = confirmed ? 'POSITIVE_CLASS' : 'NEGATIVE_CLASS'
    const { sourceId, kind, hash } = stored
    const told = await ledger.transaction(by, async (tx) => {
      await banks.store.changeIn(tx, bank, [{ entry, do: 'opinion', owner: OWN, category }], 'decided by a person')
      if (sourceId === null) return 0
      return this.#feedback.addIn(tx, bank.id, entry, { sourceId, kind, hash: hexOf(hash), confirmed }, TAKING_FEEDBACK)
    })
    await banks.refresh()
    return told
  }

  /**
   * The decision on an entry was taken back: the opinion before it stands again (null: none), feedback that was not sent yet is not sent,
   * and a source that was told hears the opinion before, where there was one. How many had been told is in the audit log.
   */
  async takeBack(given: { bank: string; entry: number; before: OpinionCategory | null }, by: Principal): Promise<void> {
    const { ledger, banks } = this.#options
    const bank = banks.bank(given.bank)
    const { entry, before } = given
    const change = before === null ? { do: 'no-opinion' as const } : { do: 'opinion' as const, category: before }
    const stored = await banks.store.entryOf(bank.id, entry)
    await ledger.transaction(by, async (tx) => {
      await banks.store.changeIn(tx, bank, [{ entry, owner: OWN, ...change }], 'a decision was taken back')
      const told = await this.#feedback.takeBackIn(tx, bank.id, entry)
      await tx.record('bank.decision-taken-back', { bank: bank.name, entry, before, told })
      if (told === 0 || stored?.sourceId == null || before === null || before === 'INVESTIGATION_SEED') return
      const { sourceId, kind, hash } = stored
      const body = { sourceId, kind, hash: hexOf(hash), confirmed: before === 'POSITIVE_CLASS' }
      await this.#feedback.addIn(tx, bank.id, entry, body, TAKING_FEEDBACK)
    })
    await banks.refresh()
  }

  /** Sends feedback that is due. Answers how many were tried. */
  async sendFeedback(): Promise<number> {
    const due = await this.#feedback.claim(this.#options.clock())
    for (const one of due) {
      const access = await this.#store.access(one.exchange)
      const adapter = ADAPTERS.find(({ kind }) => kind === access?.kind)
      if (access === null || adapter?.feedback === undefined) {
        await this.#feedback.settle(one.id, { state: 'refused' }, 'the exchange is gone')
        continue
      }
      try {
        await adapter.feedback(this.#context(access), one.body)
        await this.#feedback.settle(one.id, { state: 'sent' }, null)
      } catch (error) {
        const { text, final, wait } = failureOf(error, one.attempts)
        const over = final || one.attempts >= MOST_FEEDBACK_TRIES
        const outcome = over ? ({ state: 'refused' } as const) : { retryAt: this.#options.clock() + wait }
        await this.#feedback.settle(one.id, outcome, text)
      }
    }
    return due.length
  }

  async close(): Promise<void> {
    await this.#loop.close()
  }

  async #step(): Promise<boolean> {
    const { ledger, clock, holder } = this.#options
    // The only process of its store: what another one held before is free, since that one is gone.
    if (!this.#begun && ledger.kind === 'embedded') await this.#store.reclaim()
    this.#begun = true
    const held = await this.#store.hold(holder, clock())
    if (held !== null) await this.#round(held)
    return held !== null || (await this.sendFeedback()) > 0
  }

  async #round(held: HeldExchange): Promise<Round> {
    const { clock, holder, every = 15 * MINUTE } = this.#options
    const round = { deltas: 0, added: 0, changed: 0, withdrawn: 0, malformed: 0 }
    const adapter = ADAPTERS.find(({ kind }) => kind === held.kind)
    let before = held.checkpoint
    let caughtUp = true
    try {
      if (adapter === undefined) throw new ExchangeProblem('settings', `no source of kind ${held.kind} is known`)
      for await (const delta of adapter.fetch(
        this.#context(held),
        before === null ? null : (JSON.parse(before) as unknown),
      )) {
        const counts = await this.#apply(held, before, delta)
        before = JSON.stringify(delta.checkpoint)
        caughtUp = delta.caughtUp
        round.deltas++
        round.added += counts.added
        round.changed += counts.changed
        round.withdrawn += counts.withdrawn
        round.malformed += counts.malformed
        if (this.#loop.signal.aborted) break
      }
      const now = clock()
      await this.#store.endRound(held.id, holder, {
        nextAt: caughtUp ? now + every : now,
        ...(caughtUp ? { caughtUpAt: now } : {}),
      })
      return { ...round, failure: null }
    } catch (error) {
      const { text, wait } = failureOf(error, held.failures + 1)
      const now = clock()
      await this.#store.endRound(held.id, holder, { nextAt: now + wait, failure: text, failedAt: now })
      if (!(error instanceof ExchangeProblem)) this.#options.onFault?.(error)
      return { ...round, failure: text }
    }
  }

  /** Entries, tombstones, malformed records and checkpoint in one commit; planned anew when somebody else wrote to the banks meanwhile. */
  async #apply(held: HeldExchange, before: string | null, delta: Delta) {
    const { ledger, banks, holder } = this.#options
    for (let attempt = 0; ; attempt++) {
      await banks.refresh()
      const bank = banks.bank(held.bank)
      const plan = planDelta(banks, bank, delta.records)
      const parts = [...plan.adds].flatMap(([kind, entries]) => banks.store.sealed(bank.id, kind, entries))
      const seq = banks.seq
      try {
        const malformed = await ledger.transaction(BY, async (tx: LedgerTransaction) => {
          if ((await banks.store.head(tx.db)) !== seq) throw BANKS_MOVED
          if (parts.length > 0) await banks.store.addIn(tx, bank, parts)
          await banks.store.changeIn(tx, bank, plan.changes, `exchange ${held.name}`)
          const kept = await this.#malformed.keepIn(tx, held.id, delta.malformed)
          const counts = { malformed: kept, unsupported: delta.unsupported }
          const ours = await this.#store.advanceIn(tx, { id: held.id, holder, before }, delta.checkpoint, plan, counts)
          if (!ours) throw new ExchangeProblem('busy', 'another process has taken the exchange over')
          return kept
        })
        await banks.refresh()
        return { ...plan, malformed }
      } catch (error) {
        if (error !== BANKS_MOVED || attempt >= 20) throw error
      }
    }
  }

  #context({ settings, secrets }: Pick<HeldExchange, 'settings' | 'secrets'>): ExchangeContext {
    const { request, clock, ownHashes, lists } = this.#options
    const sleep = this.#options.sleep ?? ((ms: number) => this.#loop.sleep(ms))
    const http = new ExchangeHttp({ request, sleep, now: clock })
    return {
      ...{ settings, secrets, http, now: clock },
      ...(ownHashes === undefined ? {} : { ownHashes }),
      ...(lists === undefined ? {} : { lists }),
    }
  }
}

function adapterOf(kind: string): ExchangeAdapter {
  const adapter = ADAPTERS.find((one) => one.kind === kind)
  if (adapter !== undefined) return adapter
  throw new FirebreakError('input/invalid', [`kind is one of ${ADAPTERS.map((one) => one.kind).join(', ')}`])
}

function settingsFor(adapter: ExchangeAdapter, given: unknown): unknown {
  const parsed = adapter.settings.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FirebreakError('input/invalid', [
    `exchange setting ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  ])
}

function checkSecrets(adapter: ExchangeAdapter, secrets: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(secrets))
    if (!adapter.secrets.includes(name))
      throw new FirebreakError('input/invalid', [`${adapter.kind} has no credential ${name}`])
}

/** What to show, whether trying again makes sense, and when. */
function failureOf(error: unknown, attempt: number): { text: string; final: boolean; wait: number } {
  const backOff = Math.min(HOUR, 30 * SECOND * 2 ** Math.min(attempt - 1, 10))
  if (!(error instanceof ExchangeProblem))
    return { text: 'a fault of Firebreak; see the log', final: false, wait: backOff }
  const final = error.code === 'refused' || error.code === 'settings'
  return {
    text: `${error.code}: ${error.message}`,
    final,
    wait: Math.max(error.retryAfter ?? 0, final ? HOUR : backOff),
  }
}
