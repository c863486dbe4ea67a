import { FirebreakError } from '@firebreak/kernel'
import type { LedgerTransaction, Principal } from '@firebreak/ledger'
import { type BlastRadius, sampledPrecision } from './blast-radius.ts'
import {
  type CheckedEntry,
  checkedEntry,
  type EntryBody,
  type EntryOptions,
  type EntryView,
  optionsSchema,
} from './entry.ts'
import { answered, mustBeIn, type PlainStep, STEPS, type SteppedEntry } from './entry-steps.ts'
import type { Inbox } from './inbox.ts'
import type { LexiconOptions } from './lexicon.ts'
import { type EntryRow, type LexiconStore, viewOf } from './lexicon-store.ts'
import { hasErrors, type LintReport, lintEntries, lintEntry, wordsOf } from './lint.ts'
import type { LiveLists } from './live-lists.ts'
import { passTrial, type Trial, tryEntries } from './trial.ts'

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
    return this.#options.ledger.transaction(by, (tx) => this.#addAll(tx, checked, reports, by))
  }

  async #addAll(
    tx: LedgerTransaction,
    entries: readonly CheckedEntry[],
    reports: readonly LintReport[],
    by: Principal,
  ): Promise<AddedEntry[]> {
    const sound = entries.flatMap((entry, i) =>
      hasErrors(reports[i]!.problems) ? [] : [{ place: i, id: this.#options.newId(), entry }],
    )
    const inserted = await this.#store.insertAll(tx, sound, by.id)
    const ids = new Map(sound.filter(({ id }) => inserted.has(id)).map(({ place, id }) => [place, id]))
    if (ids.size > 0) await tx.record('lexicon.drafted', { entries: [...ids.values()] })
    return entries.map((_entry, i): AddedEntry => {
      const lint = reports[i]!
      const id = ids.get(i) ?? null
      return { id, status: id !== null ? 'added' : hasErrors(lint.problems) ? 'refused' : 'duplicate', lint }
    })
  }

  /** Looks an entry over without adding it. */
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
      const lint = lintEntry({ kind: row.kind, list: row.list, ...next }, this.#lists.protectedTerms)
      if (hasErrors(lint.problems)) throw new FirebreakError('lexicon/lint', [wordsOf(lint)])
      const version = await this.#store.newVersion(tx, row, next, by.id)
      const expires =
        changes.expiresAt === undefined
          ? {}
          : { expires_at: changes.expiresAt === null ? null : new Date(changes.expiresAt) }
      return this.#store.update(tx, id, { version, state: 'draft', ...expires })
    })
  }

  /** Draft → test: lint and blast radius over the last days, kept with the version. The sample shows texts. */
  async test(id: string, days: number, by: Principal): Promise<EntryView & { blastRadius: BlastRadius }> {
    const [trial] = await this.#tried([id], days)
    const { lint, radius } = trial!
    if (hasErrors(lint.problems)) throw new FirebreakError('lexicon/lint', [wordsOf(lint)])
    const view = await this.#change(id, by, 'tested', (tx, row) => passTrial(this.#store, tx, row, trial!))
    return { ...view, blastRadius: radius }
  }

  /** Many entries through one step, in one transaction; what cannot go on is answered with its reason and stays where it is. */
  async stepAll(
    step: PlainStep | 'test',
    ids: readonly string[],
    days: number,
    by: Principal,
  ): Promise<SteppedEntry[]> {
    const trials = step === 'test' ? await this.#tried(ids, days) : []
    const done = await this.#options.ledger.transaction(by, async (tx) => {
      const answers: SteppedEntry[] = []
      for (const [i, id] of ids.entries())
        answers.push(
          await answered(id, async () => {
            const row = await this.#store.row(tx.db, id)
            if (step === 'test') return passTrial(this.#store, tx, row, trials[i]!)
            mustBeIn(row, STEPS[step].from)
            return STEPS[step].take(this.#store, tx, row, by)
          }),
        )
      const moved = answers.filter(({ status }) => status === 'done').map(({ id }) => id)
      if (moved.length > 0)
        await tx.record(`lexicon.${step === 'test' ? 'tested' : STEPS[step].deed}`, { entries: moved })
      return answers
    })
    await this.#lists.refresh()
    return done
  }

  #tried(ids: readonly string[], days: number): Promise<Trial[]> {
    return tryEntries(this.#options, this.#store, this.#lists.protectedTerms, ids, days)
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
    return this.#step(id, 'submit', by)
  }

  /** Review → shadow, by a person who neither owns the entry nor wrote the version. Throws `lexicon/second-person`. */
  approve(id: string, by: Principal): Promise<EntryView> {
    return this.#step(id, 'approve', by)
  }

  /** Shadow → live: in force, in every process within a second. */
  publish(id: string, by: Principal): Promise<EntryView> {
    return this.#step(id, 'publish', by)
  }

  /** Back to draft, with a reason on record. */
  sendBack(id: string, reason: string, by: Principal): Promise<EntryView> {
    return this.#change(
      id,
      by,
      'sent-back',
      (tx, row) => {
        mustBeIn(row, ['review', 'test', 'shadow'])
        return this.#store.update(tx, id, { state: 'draft' })
      },
      reason,
    )
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
    const open = await this.#inbox.open(item)
    const full = checkedEntry({ ...entry, text: open.text })
    const lint = lintEntry(full, this.#lists.protectedTerms)
    return this.#options.ledger.transaction(by, async (tx) => {
      const added = (await this.#addAll(tx, [full], [lint], by))[0]!
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

  #step(id: string, step: PlainStep, by: Principal): Promise<EntryView> {
    const { deed, from, take } = STEPS[step]
    return this.#change(id, by, deed, (tx, row) => {
      mustBeIn(row, from)
      return take(this.#store, tx, row, by)
    })
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

  #seen(view: EntryView): EntryView & { shadowHits: number } {
    const over = view.expiresAt !== null && Date.parse(view.expiresAt) <= this.#options.clock()
    return {
      ...view,
      ...(over ? { state: 'expired' as const, liveVersion: null } : {}),
      shadowHits: this.#lists.shadowHits(view.id),
    }
  }
}
