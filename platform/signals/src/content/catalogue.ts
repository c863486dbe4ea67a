import type { Clock } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import { changesIn, type JournalRow, rematchesAll } from '../banks/changes.ts'
import { bankState } from '../matching/bank-state.ts'
import { type Hit, Matcher } from '../matching/matcher.ts'
import type { Judging, MediumHits } from './judging.ts'
import type { HashedMedium, MediaStore } from './media-store.ts'

/** What the back catalogue is kept true with. */
export interface CatalogueParts {
  readonly ledger: Ledger
  readonly banks: Banks
  readonly store: MediaStore
  readonly judging: Judging
  readonly clock: Clock
  /** Names this process among others. */
  readonly holder: string
}

/** How far media that were hashed before are compared with what came to the banks since. */
export interface CatalogueStatus {
  readonly position: number
  readonly target: number
  readonly nextId: number
}

interface Range {
  readonly adds: JournalRow[]
  readonly added: number
  readonly rematchAll: boolean
  /** Entries whose standing changed, by bank; null: all of the bank. */
  readonly touched: Map<number, Set<number> | null>
}

/** One pass over the media. */
interface Comparison {
  readonly position: number
  readonly target: number
  readonly match: (medium: HashedMedium) => Hit[]
  /** Whether anything is left to compare with: what came may have been withdrawn meanwhile. */
  readonly needed: () => boolean
}

const NAME = 'catalogue'
const LEASE = 30_000
const PAGE = 500
const CONTENTS = 200
/** With more new entries than this, media are compared with everything in memory instead of with the new ones alone. */
const MOST_DELTA = 200_000

/**
 * Keeps the back catalogue true: when entries arrive, all media hashed before are compared with them; when entries are withdrawn,
 * disputed or quarantined, what they caused is judged anew. Durable and resumable; one process at a time does it.
 */
export class Catalogue {
  readonly #parts: CatalogueParts
  #delta: Comparison | null = null
  /** The banks' position at which nothing was left to do. */
  #settled = -1

  constructor(parts: CatalogueParts) {
    this.#parts = parts
  }

  async status(): Promise<CatalogueStatus> {
    const row = await this.#parts.ledger.db
      .selectFrom('signals_work')
      .selectAll()
      .where('name', '=', NAME)
      .executeTakeFirst()
    return { position: row?.position ?? 0, target: row?.target ?? 0, nextId: row?.next_id ?? 0 }
  }

  /** One step of the work; answers whether there may be more. Nothing is asked of the store while the banks stand still. */
  async step(): Promise<boolean> {
    if (this.#settled === this.#parts.banks.seq) return false
    const work = await this.#hold()
    if (work === null) return false
    if (work.position === work.target) return this.#begin(work)
    return this.#page(work)
  }

  /** Gives the work up for others, at the end. */
  async release(): Promise<void> {
    const { ledger, holder } = this.#parts
    await ledger.db
      .updateTable('signals_work')
      .set({ holder: null, held_until: null })
      .where('name', '=', NAME)
      .where('holder', '=', holder)
      .execute()
  }

  async #hold(): Promise<CatalogueStatus | null> {
    const { ledger, clock, holder } = this.#parts
    await ledger.db
      .insertInto('signals_work')
      .values({ name: NAME, position: 0, target: 0, next_id: 0 })
      .onConflict((on) => on.column('name').doNothing())
      .execute()
    const now = clock()
    const row = await ledger.db
      .updateTable('signals_work')
      .set({ holder, held_until: new Date(now + LEASE) })
      .where('name', '=', NAME)
      .where((e) => e.or([e('holder', 'is', null), e('holder', '=', holder), e('held_until', '<', new Date(now))]))
      .returningAll()
      .executeTakeFirst()
    return row === undefined ? null : { position: row.position, target: row.target, nextId: row.next_id }
  }

  /** Judges what changed anew, at once; then the media are gone through for what was added. */
  async #begin({ position }: CatalogueStatus): Promise<boolean> {
    const { banks } = this.#parts
    const target = banks.seq
    if (target <= position) {
      this.#settled = target
      return false
    }
    const { touched, added, rematchAll } = await this.#range(position, target)
    for (const [bank, entries] of touched) await this.#rejudge(bank, entries)
    const nothing = added === 0 && !rematchAll
    await this.#set(nothing ? { position: target, target, nextId: 0 } : { position, target, nextId: 0 })
    return true
  }

  async #page({ position, target, nextId }: CatalogueStatus): Promise<boolean> {
    const { store, judging } = this.#parts
    const { match, needed } = await this.#deltaOf(position, target)
    const media = needed() ? await store.hashedAfter(nextId, PAGE) : []
    const met: MediumHits[] = media.flatMap((medium) => {
      const hits = match(medium)
      return hits.length === 0 ? [] : [{ medium: medium.id, content: medium.content, hits }]
    })
    const done = media.length < PAGE
    const after = done ? { position: target, target, nextId: 0 } : { position, target, nextId: media.at(-1)!.id }
    if (met.length === 0) await this.#set(after)
    else
      await judging.transaction(async (tx) => {
        await judging.current(tx)
        await judging.matchedIn(tx, met)
        await this.#set(after, tx.db)
      })
    if (done) this.#delta = null
    return true
  }

  async #deltaOf(position: number, target: number): Promise<Comparison> {
    if (this.#delta?.position === position && this.#delta.target === target) return this.#delta
    const { banks, clock } = this.#parts
    const { adds, added, rematchAll } = await this.#range(position, target)
    const whole = rematchAll || added > MOST_DELTA
    const matcher = whole ? banks.matcher : deltaMatcher(banks, adds)
    const match = (medium: HashedMedium) => distinct(medium.hashes.flatMap((query) => matcher.match(query, clock())))
    const needed = () => whole || adds.some((row) => this.#lives(row))
    this.#delta = { position, target, match, needed }
    return this.#delta
  }

  async #range(position: number, target: number): Promise<Range> {
    const adds: JournalRow[] = []
    const touched = new Map<number, Set<number> | null>()
    let added = 0
    let rematchAll = false
    for await (const row of this.#parts.banks.store.journal(position, target)) {
      rematchAll ||= rematchesAll(row)
      if (row.operation === 'add') {
        // Withdrawn already, like what canaries put in: no reason to go through all media. Restored, it is compared with everything.
        if (!this.#lives(row)) continue
        added += row.count
        if (added <= MOST_DELTA) adds.push(row)
        else adds.length = 0
      } else if (row.operation === 'settings') touched.set(row.bank, null)
      else if (touched.get(row.bank) !== null) {
        const entries = touched.get(row.bank) ?? new Set<number>()
        for (const { entry } of changesIn(row)) entries.add(entry)
        touched.set(row.bank, entries)
      }
    }
    return { adds, added, rematchAll, touched }
  }

  #lives({ bank: id, first, count }: JournalRow): boolean {
    const { matcher } = this.#parts.banks
    const bank = matcher.banks.get(id)
    for (let i = 0; bank !== undefined && !bank.removed && i < count; i++)
      if (!matcher.isWithdrawn(bank, first + i)) return true
    return false
  }

  async #rejudge(bank: number, entries: ReadonlySet<number> | null): Promise<void> {
    const { ledger, judging } = this.#parts
    const parts = entries === null ? [null] : pages([...entries], 1000)
    for (const part of parts)
      for (let after = 0; ; ) {
        let query = ledger.db
          .selectFrom('medium_match')
          .innerJoin('medium', 'medium.id', 'medium_match.medium')
          .select('medium.content')
          .distinct()
          .where('medium_match.bank', '=', bank)
          .where('medium.content', '>', after)
          .orderBy('medium.content')
          .limit(CONTENTS)
        if (part !== null) query = query.where('medium_match.entry', 'in', part)
        const contents = (await query.execute()).map(({ content }) => content)
        if (contents.length > 0)
          await judging.transaction(async (tx) => {
            await judging.current(tx)
            await judging.judgeIn(tx, contents)
          })
        if (contents.length < CONTENTS) break
        after = contents.at(-1)!
      }
  }

  async #set(
    { position, target, nextId }: CatalogueStatus,
    db: Pick<LedgerTransaction['db'], 'updateTable'> = this.#parts.ledger.db,
  ): Promise<void> {
    await db
      .updateTable('signals_work')
      .set({ position, target, next_id: nextId })
      .where('name', '=', NAME)
      .where('holder', '=', this.#parts.holder)
      .execute()
  }
}

function deltaMatcher(banks: Banks, adds: readonly JournalRow[]): Matcher {
  const delta = new Matcher()
  for (const { id, name, settings } of banks.matcher.banks.values()) delta.banks.set(id, bankState(id, name, settings))
  for (const row of adds) delta.take(row)
  return delta.built()
}

/** One hit for each entry and kind: turned copies and frames meet an entry more than once; the nearest counts. */
export function distinct(hits: readonly Hit[]): Hit[] {
  const nearest = new Map<string, Hit>()
  for (const hit of hits) {
    const name = `${hit.bank.id} ${hit.entry} ${hit.kind}`
    const known = nearest.get(name)
    if (known === undefined || hit.distance < known.distance) nearest.set(name, hit)
  }
  return [...nearest.values()]
}

function pages<T>(items: readonly T[], size: number): T[][] {
  const made: T[][] = []
  for (let from = 0; from < items.length; from += size) made.push(items.slice(from, from + size))
  return made
}
