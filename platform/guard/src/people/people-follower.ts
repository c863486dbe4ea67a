import type { Ledger, LedgerTransaction, StoredEvent } from '@firebreak/ledger'
import { hourOf, pairKey } from './counters.ts'
import { type Delta, deltasOf, PEOPLE_EVENTS } from './deltas.ts'
import { PeopleBook } from './people-book.ts'

/** What following needs of the ledger. */
export type PeopleSource = Pick<Ledger, 'events' | 'head' | 'neighbours' | 'transaction' | 'db'>

const BY = { kind: 'system', id: 'guard' } as const
const CURSOR = 'guard-people'
const BATCH = 2_000
const NAMES = 1_000
const KEPT_HOURS = 30 * 24

/**
 * Keeps a `PeopleBook` in step with the ledger and its counts durable. Every process follows for itself; whichever comes
 * first writes a stretch of events down, once: the cursor moves in the same transaction.
 */
export class PeopleFollower {
  readonly book: PeopleBook
  readonly #source: PeopleSource
  readonly #clock: () => number
  #seq = 0
  #isAhead = false

  private constructor(source: PeopleSource, clock: () => number) {
    this.#source = source
    this.#clock = clock
    this.book = new PeopleBook(clock)
  }

  /** Resolves when everything counted so far is in memory. */
  static async open(source: PeopleSource, clock: () => number): Promise<PeopleFollower> {
    const follower = new PeopleFollower(source, clock)
    await follower.#load()
    await follower.follow()
    return follower
  }

  /** Takes in what was written since; returns how many events told something. */
  async follow(): Promise<number> {
    let taken = 0
    // What is in memory and was not written down would be counted twice: begin again from what was.
    if (this.#isAhead) await this.#load()
    for (;;) {
      const head = await this.#source.head()
      if (head === this.#seq) break
      const events = await this.#source.events({ afterSeq: this.#seq, limit: BATCH, types: PEOPLE_EVENTS })
      const to = events.length < BATCH ? head : events.at(-1)!.seq
      if (events.length > 0) {
        const deltas = await this.#deltas(events)
        await this.#persist(deltas, this.#seq, to).catch((error: unknown) => {
          this.#isAhead = true
          throw error
        })
      }
      this.#seq = to
      taken += events.length
      if (events.length < BATCH) break
    }
    await this.fetchWanted()
    return taken
  }

  /** One transaction, so that rows and position belong together. */
  async #load(): Promise<void> {
    const now = this.#clock()
    const { seq, ages, counts } = await this.#source.transaction(BY, async ({ db }) => ({
      seq:
        (await db.selectFrom('cursor_position').select('seq').where('name', '=', CURSOR).executeTakeFirst())?.seq ?? 0,
      ages: await db
        .selectFrom('age_assurance as a')
        .innerJoin('entity as n', 'n.id', 'a.entity')
        .select(['n.name', 'a.band'])
        .where('n.name', 'is not', null)
        .execute(),
      counts: await db
        .selectFrom('counted as c')
        .innerJoin('entity as n', 'n.id', 'c.entity')
        .leftJoin('entity as o', 'o.id', 'c.other')
        .select(['c.counter', 'n.name', 'o.name as other', 'c.other as number', 'c.hour', 'c.count'])
        .where('c.hour', '>=', hourOf(now) - KEPT_HOURS)
        .where('n.name', 'is not', null)
        .execute(),
    }))
    this.book.clear()
    this.#isAhead = false
    for (const { name, band } of ages) this.book.setAge(name!, band)
    for (const { counter, name, other, number, hour, count } of counts)
      if (number === 0 || other !== null) this.book.addCount(counter, name!, other ?? undefined, hour, count)
    this.#seq = seq
  }

  async #deltas(events: readonly StoredEvent[]): Promise<Delta[]> {
    const follows = await this.#followsAmong(events)
    const deltas: Delta[] = []
    for (const event of events)
      for (const delta of deltasOf(event, this.book.soFar(follows, Date.parse(event.at)))) {
        this.book.take(delta)
        deltas.push(delta)
      }
    return deltas
  }

  /** Of the accounts that were approached: whom they follow themselves. */
  async #followsAmong(events: readonly StoredEvent[]): Promise<Set<string>> {
    const approached = new Set(events.filter(({ type }) => type === 'contact.started').map(({ subject }) => subject.id))
    const follows = new Set<string>()
    const asked = [...approached]
    for (let from = 0; from < asked.length; from += NAMES) {
      const found = await this.#source.neighbours(asked.slice(from, from + NAMES), { relations: ['follow'] })
      for (const [account, { neighbours }] of found)
        for (const { other, direction } of neighbours) if (direction === 'out') follows.add(pairKey(account, other))
    }
    return follows
  }

  /** Connections that were asked for and are not known: who follows whom and is followed back. No query when nobody asked. */
  async fetchWanted(): Promise<void> {
    const wanted = this.book.takeWanted()
    for (let from = 0; from < wanted.length; from += NAMES) {
      const some = wanted.slice(from, from + NAMES)
      const found = await this.#source.neighbours(some, { relations: ['follow'] })
      for (const account of some) {
        const neighbours = found.get(account)?.neighbours ?? []
        const out = new Set(neighbours.filter(({ direction }) => direction === 'out').map(({ other }) => other))
        const mutual = neighbours.filter(({ other, direction }) => direction === 'in' && out.has(other))
        this.book.setConnections(account, new Set(mutual.map(({ other }) => other)))
      }
    }
  }

  /** Another process may have written part of the stretch already; the rest is written from there on. */
  async #persist(deltas: readonly Delta[], from: number, to: number): Promise<void> {
    let start = from
    while (start < to) {
      const reached = await this.#source.transaction(BY, (tx) => writeFrom(tx, deltas, start, to))
      if (reached === null) return
      start = reached
    }
  }
}

/** Null: written, or there is nothing left to write. Else the position another process has reached. */
async function writeFrom(
  { db }: LedgerTransaction,
  deltas: readonly Delta[],
  from: number,
  to: number,
): Promise<number | null> {
  const known = await db.selectFrom('cursor_position').select('seq').where('name', '=', CURSOR).executeTakeFirst()
  const at = known?.seq ?? 0
  if (at >= to) return null
  if (at > from) return at
  await db
    .insertInto('cursor_position')
    .values({ name: CURSOR, seq: to })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq: to }))
    .execute()
  await writeDeltas(
    db,
    deltas.filter(({ seq }) => seq > at),
  )
  return null
}

async function writeDeltas(db: LedgerTransaction['db'], deltas: readonly Delta[]): Promise<void> {
  const numbers = await entities(db, deltas)
  const ages = new Map<number, { entity: number; band: string; source: string; at: Date }>()
  const counts = new Map<string, { counter: string; entity: number; other: number; hour: number; count: number }>()
  for (const delta of deltas) {
    const entity = numbers.get(delta.account)
    if (entity === undefined) continue
    if (delta.kind === 'age')
      ages.set(entity, { entity, band: delta.band, source: delta.source, at: new Date(delta.at) })
    if (delta.kind !== 'count') continue
    const other = delta.other === undefined ? 0 : numbers.get(delta.other)
    if (other === undefined) continue
    const key = `${delta.counter} ${entity} ${other} ${delta.hour}`
    const row = counts.get(key) ?? { counter: delta.counter, entity, other, hour: delta.hour, count: 0 }
    counts.set(key, { ...row, count: row.count + 1 })
  }
  for (const rows of chunks([...ages.values()]))
    await db
      .insertInto('age_assurance')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('entity').doUpdateSet((row) => ({
          band: row.ref('excluded.band'),
          source: row.ref('excluded.source'),
          at: row.ref('excluded.at'),
        })),
      )
      .execute()
  for (const rows of chunks([...counts.values()]))
    await db
      .insertInto('counted')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['counter', 'entity', 'other', 'hour'])
          .doUpdateSet((row) => ({ count: row('counted.count', '+', row.ref('excluded.count')) })),
      )
      .execute()
}

async function entities(db: LedgerTransaction['db'], deltas: readonly Delta[]): Promise<Map<string, number>> {
  const names = new Set<string>()
  for (const delta of deltas) {
    names.add(delta.account)
    if (delta.kind === 'count' && delta.other !== undefined) names.add(delta.other)
  }
  const numbers = new Map<string, number>()
  for (const some of chunks([...names])) {
    const rows = await db
      .selectFrom('entity')
      .select(['id', 'name'])
      .where('kind', '=', 'account')
      .where('name', 'in', some)
      .execute()
    for (const { id, name } of rows) numbers.set(name!, id)
  }
  return numbers
}

function* chunks<T>(all: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < all.length; from += NAMES) yield all.slice(from, from + NAMES)
}
