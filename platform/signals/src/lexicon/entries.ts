import { FirebreakError } from '@firebreak/kernel'
import type { LedgerTransaction, Principal } from '@firebreak/ledger'
import { type BlastRadius, blastRadius, noRadius, sampledPrecision } from './blast-radius.ts'
import { CompiledList } from './compiled-list.ts'
import {
  type CheckedEntry,
  checkedEntry,
  type EntryBody,
  type EntryOptions,
  type EntryView,
  optionsSchema,
} from './entry.ts'
import type { Inbox } from './inbox.ts'
import type { LexiconOptions } from './lexicon.ts'
import { type EntryRow, type LexiconStore, viewOf } from './lexicon-store.ts'
import { hasErrors, type LintReport, lintEntries, lintEntry, opened } from './lint.ts'
import type { LiveLists } from './live-lists.ts'

/** What became of one entry handed in. */
export interface AddedEntry {
  readonly id: string | null
  readonly status: 'added' | 'duplicate' | 'refused'
  readonly lint: LintReport
}

/** The way of an entry: draft, test, review, shadow, live, expired, and back. Every step is in the ledger's chain, without its text. */
export class Entries {
  readonly #options: LexiconOptions
  readonly #store: LexiconStore
  readonly #lists: LiveLists
  readonly #inbox: Inbox

  constructor(options: LexiconOptions, store: LexiconStore, lists: LiveLists, inbox: Inbox) {
    this.#options = options
    this.#store = store
    this.#lists = lists
    this.#inbox = inbox
  }

  async list(): Promise<(EntryView & { shadowHits: number })[]> {
    const { db } = this.#options.ledger
    const rows = await this.#store.rows(db)
    const newest = await this.#store.opened(db, rows, ({ version }) => version)
    return rows.map((row) => this.#seen(viewOf(row, newest.get(row.id)!, null)))
  }

  async entry(id: string) {
    const { db } = this.#options.ledger
    const row = await this.#store.row(db, id)
    const versions = await this.#store.versions(db, id)
    const { body, findings } = versions.at(-1)!
    return {
      ...this.#seen(viewOf(row, body, findings)),
      versions: versions.map(({ version, writtenBy, approvedBy, at, body }) => ({
        version,
        writtenBy,
        approvedBy,
        at: new Date(at).toISOString(),
        options: body.options,
      })),
    }
  }

  /** Adds drafts, each with what the lint says; duplicates and entries with errors are not added. */
  async add(entries: readonly unknown[], by: Principal): Promise<AddedEntry[]> {
    const checked = entries.map(checkedEntry)
    const protectedTerms = this.#lists.protectedTerms
    const reports = lintEntries(checked, protectedTerms)
    return this.#options.ledger.transaction(by, async (tx) => {
      const added: AddedEntry[] = []
      for (const [i, entry] of checked.entries()) added.push(await this.#addOne(tx, entry, reports[i]!, by))
      return added
    })
  }

  async #addOne(tx: LedgerTransaction, entry: CheckedEntry, lint: LintReport, by: Principal): Promise<AddedEntry> {
    if (hasErrors(lint.problems)) return { id: null, status: 'refused', lint }
    const row = await this.#store.insert(tx, this.#options.newId(), entry, by.id)
    if (!row) return { id: null, status: 'duplicate', lint }
    await this.#record(tx, 'drafted', row)
    return { id: row.id, status: 'added', lint }
  }

  lint(entry: unknown): LintReport {
    return lintEntry(checkedEntry(entry), this.#lists.protectedTerms)
  }

  /** Writes a next version as a draft. What is in force stays so until the new one is. */
  async edit(
    id: string,
    changes: { text?: string; options?: Partial<EntryOptions>; expiresAt?: string | null },
    by: Principal,
  ): Promise<EntryView> {
    return this.#change(id, by, 'edited', async (tx, row) => {
      const { body } = await this.#store.version(tx.db, id, row.version)
      const next: EntryBody = {
        text: changes.text ?? body.text,
        options: optionsSchema.parse({ ...body.options, ...changes.options }),
      }
      this.#refuseErrors({ kind: row.kind, list: row.list, ...next })
      const version = await this.#store.newVersion(tx, row, next, by.id)
      const expires =
        changes.expiresAt === undefined
          ? {}
          : { expires_at: changes.expiresAt === null ? null : new Date(changes.expiresAt) }
      return this.#store.update(tx, id, { version, state: 'draft', ...expires })
    })
  }

  /** Draft → test: lint and blast radius over the last days, kept with the version. */
  async test(id: string, days: number, by: Principal): Promise<EntryView & { blastRadius: BlastRadius }> {
    const { body, kind, list } = await this.#newest(id)
    const entry = { kind, list, ...body }
    const lint = this.#refuseErrors(entry)
    const radius = await this.blastRadiusOf(entry, days)
    const { sample, ...numbers } = radius
    const view = await this.#change(id, by, 'tested', async (tx, row) => {
      this.#must(row, ['draft', 'test'])
      await this.#store.findings(tx, row, { lint, blastRadius: numbers, sampled: sample.length })
      return this.#store.update(tx, id, { state: 'test' })
    })
    return { ...view, blastRadius: radius }
  }

  /** What an entry would have hit in the last days. The sample shows texts: the reading is on record. */
  async blastRadiusOf(entry: CheckedEntry, days: number): Promise<BlastRadius> {
    const { ledger, clock, random } = this.#options
    const candidate = opened(entry)
    const { events, byEntry } = await blastRadius(ledger, CompiledList.of([candidate]), { days, now: clock(), random })
    return byEntry.get(candidate.id) ?? noRadius(days, events)
  }

  /** What a person found in the sample; kept with the version. */
  async judged(id: string, { right, wrong }: { right: number; wrong: number }, by: Principal) {
    const precision = sampledPrecision(right, wrong)
    await this.#change(id, by, 'sample-judged', async (tx, row) => {
      const { findings } = await this.#store.version(tx.db, id, row.version)
      await this.#store.findings(tx, row, { ...(findings as object), precision: { right, wrong, ...precision } })
      return row
    })
    return { right, wrong, ...precision }
  }

  /** Test → review: waits for a second person. */
  submit(id: string, by: Principal): Promise<EntryView> {
    return this.#step(id, by, 'submitted', ['test'], 'review')
  }

  /** Review → shadow, by a person who neither owns the entry nor wrote the version. Throws `lexicon/second-person`. */
  approve(id: string, by: Principal): Promise<EntryView> {
    return this.#change(id, by, 'approved', async (tx, row) => {
      this.#must(row, ['review'])
      const { writtenBy } = await this.#store.version(tx.db, id, row.version)
      if (by.kind !== 'user' || by.id === row.owner || by.id === writtenBy)
        throw new FirebreakError('lexicon/second-person')
      await this.#store.approve(tx, row, by.id)
      return this.#store.update(tx, id, { state: 'shadow' })
    })
  }

  /** Review → draft, with a reason on record. */
  sendBack(id: string, reason: string, by: Principal): Promise<EntryView> {
    return this.#step(id, by, 'sent-back', ['review', 'test', 'shadow'], 'draft', reason)
  }

  /** Shadow → live: in force, in every process within a second. */
  publish(id: string, by: Principal): Promise<EntryView> {
    return this.#change(id, by, 'published', async (tx, row) => {
      this.#must(row, ['shadow'])
      return this.#store.update(tx, id, { state: 'live', live_version: row.version })
    })
  }

  /** Out of force at once, whatever its state. */
  expire(id: string, reason: string, by: Principal): Promise<EntryView> {
    return this.#change(
      id,
      by,
      'expired',
      (tx) => this.#store.update(tx, id, { state: 'expired', live_version: null }),
      reason,
    )
  }

  /** Puts a version back in force that a second person approved before; it becomes the newest. */
  rollBack(id: string, version: number, reason: string, by: Principal): Promise<EntryView> {
    return this.#change(
      id,
      by,
      'rolled-back',
      async (tx, row) => {
        const earlier = await this.#store.version(tx.db, id, version)
        if (earlier.approvedBy === null)
          throw new FirebreakError('lexicon/state', [`version ${version} was never approved`])
        const next = await this.#store.newVersion(tx, row, earlier.body, by.id, earlier.approvedBy)
        return this.#store.update(tx, id, { version: next, live_version: next, state: 'live' })
      },
      reason,
    )
  }

  /** Accepts an inbox item: it becomes a draft that goes the usual way. */
  async accept(item: string, entry: Omit<CheckedEntry, 'text'>, by: Principal): Promise<AddedEntry> {
    const open = (await this.#inbox.list('open', this.#options.clock())).find(({ id }) => id === item)
    if (!open) throw new FirebreakError('http/not-found', ['open inbox item'])
    const full = checkedEntry({ ...entry, text: open.text })
    const lint = lintEntry(full, this.#lists.protectedTerms)
    return this.#options.ledger.transaction(by, async (tx) => {
      const added = await this.#addOne(tx, full, lint, by)
      if (added.status === 'refused') return added
      await this.#inbox.decide(tx, item, { state: 'accepted', ...(added.id === null ? {} : { entry: added.id }) }, by)
      return added
    })
  }

  async decideInbox(
    item: string,
    decision: { state: 'rejected' } | { state: 'snoozed'; until: string },
    by: Principal,
  ) {
    return this.#options.ledger.transaction(by, (tx) => this.#inbox.decide(tx, item, decision, by))
  }

  async #newest(id: string): Promise<EntryRow & { body: EntryBody }> {
    const row = await this.#store.row(this.#options.ledger.db, id)
    const { body } = await this.#store.version(this.#options.ledger.db, id, row.version)
    return { ...row, body }
  }

  #step(
    id: string,
    by: Principal,
    deed: string,
    from: readonly string[],
    state: EntryRow['state'],
    reason?: string,
  ): Promise<EntryView> {
    return this.#change(
      id,
      by,
      deed,
      (tx, row) => {
        this.#must(row, from)
        return this.#store.update(tx, id, { state })
      },
      reason,
    )
  }

  async #change(
    id: string,
    by: Principal,
    deed: string,
    work: (tx: LedgerTransaction, row: EntryRow) => Promise<EntryRow>,
    reason?: string,
  ): Promise<EntryView> {
    const view = await this.#options.ledger.transaction(by, async (tx) => {
      const after = await work(tx, await this.#store.row(tx.db, id))
      await this.#record(tx, deed, after, reason)
      return this.#store.view(tx.db, after)
    })
    await this.#lists.refresh()
    return this.#seen(view)
  }

  #record(
    tx: LedgerTransaction,
    deed: string,
    { id, kind, list, state, version, liveVersion }: EntryRow,
    reason?: string,
  ): Promise<void> {
    return tx.record(`lexicon.${deed}`, {
      entry: id,
      kind,
      list,
      state,
      version,
      liveVersion,
      ...(reason === undefined ? {} : { reason }),
    })
  }

  #must({ state }: EntryRow, allowed: readonly string[]): void {
    if (!allowed.includes(state))
      throw new FirebreakError('lexicon/state', [`this entry is in ${state}; it must be in ${allowed.join(' or ')}`])
  }

  #refuseErrors(entry: CheckedEntry): LintReport {
    const lint = lintEntry(entry, this.#lists.protectedTerms)
    if (hasErrors(lint.problems))
      throw new FirebreakError('lexicon/lint', [lint.problems.map(({ text }) => text).join('; ')])
    return lint
  }

  #seen(view: EntryView): EntryView & { shadowHits: number } {
    const over = view.expiresAt !== null && Date.parse(view.expiresAt) <= this.#options.clock()
    return {
      ...view,
      ...(over ? { state: 'expired' as const, liveVersion: null } : {}),
      shadowHits: this.#lists.shadowHits(view.id),
    }
  }
}
