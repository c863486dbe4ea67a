import { randomBytes as systemRandomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { apiKeysOver } from './access/api-keys.ts'
import { sessionsOver } from './access/sessions.ts'
import { usersOver } from './access/users.ts'
import { readAudit, recordIn } from './audit/record.ts'
import { verifyChain } from './chain/verify.ts'
import { documentsOver } from './documents/documents.ts'
import { AdjacencyCatchUp } from './edges/catch-up.ts'
import { EdgeReader } from './edges/read.ts'
import { Relations } from './edges/relations.ts'
import { legalHoldsOver } from './erasure/legal-holds.ts'
import { PayloadScan } from './erasure/payload-scan.ts'
import { appendEvents } from './events/append.ts'
import { isRefusal, type PreparedEvent, prepareEvent } from './events/prepare.ts'
import { type EventQuery, readEvents } from './events/read.ts'
import { derive, seal, unseal } from './keys/cipher.ts'
import { checkMasterKey, hasSeenKey, masterKeyOf } from './keys/open-key.ts'
import { RandomPool } from './keys/random-pool.ts'
import { SubjectKeys } from './keys/subject-keys.ts'
import { labelsOver } from './labels/labels.ts'
import { migrate } from './migrations/migrate.ts'
import { Announcer } from './outbox/announcer.ts'
import { cursorOver } from './outbox/cursor.ts'
import { outboxOver } from './outbox/outbox.ts'
import { sweepAll } from './retention/sweep.ts'
import type { Database } from './schema.generated.ts'
import { kyselyOver } from './store/dialect.ts'
import { has } from './store/differences.ts'
import { openEmbedded } from './store/embedded/client.ts'
import { guarded } from './store/nesting.ts'
import { openPostgres } from './store/postgres/client.ts'
import type { Store } from './store/store.ts'
import { TaskBoard } from './tasks/tasks.ts'
import { transactionsOver } from './transaction/transaction.ts'
import type { AppendResult, EdgeQuery, EventInput, Ledger, LedgerCounts, LedgerOptions, Principal } from './types.ts'
import { Writer } from './writer/writer.ts'

/** Events handed to the writer at once; longer lists are split, since each event stands for itself. */
const SLICE = 2_500

/**
 * Opens the store, brings its schema up to date and returns the ledger. Throws `ledger/locked` when another process uses the directory,
 * `ledger/schema-newer` when a newer version wrote it, `ledger/unavailable` when the database cannot be reached or the master key
 * is missing. Close it, or the process stays alive.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const randomBytes = options.randomBytes ?? systemRandomBytes
  const { store: where } = options
  const store = guarded(
    where.kind === 'embedded' ? await openEmbedded(where.dir, where.snapshotFile) : await openPostgres(where.url),
  )
  try {
    await migrate(store)
    const masterKey = masterKeyOf(options, randomBytes, !(await hasSeenKey(store)))
    await checkMasterKey(store, masterKey)
    const announcer = new Announcer()
    await store.listen('ledger_commit', (payload) => announcer.committed(Number(payload)))
    const ledger = new OpenLedger(store, options, masterKey, randomBytes, announcer)
    ledger.resume()
    return ledger
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Slice {
  readonly events: readonly EventInput[]
  readonly by: Principal
  readonly now: number
  readonly from: number
  readonly to: number
}

class OpenLedger implements Ledger {
  readonly kind
  readonly durability
  readonly db: Kysely<Database>
  readonly labels
  readonly documents
  readonly users
  readonly apiKeys
  readonly sessions
  readonly legalHolds
  readonly outbox
  readonly transaction: Ledger['transaction']
  readonly #tasks: TaskBoard
  readonly #store: Store
  readonly #clock
  readonly #readKeys: () => SubjectKeys
  readonly #writer: Writer
  readonly #edges: EdgeReader
  readonly #catchUp: AdjacencyCatchUp
  readonly #scan: PayloadScan
  #resumed: Promise<void> = Promise.resolve()
  readonly #announcer: Announcer
  readonly #idHashKey: Buffer

  constructor(
    store: Store,
    { clock }: LedgerOptions,
    masterKey: Buffer,
    randomBytes: (size: number) => Uint8Array,
    announcer: Announcer,
  ) {
    const random = new RandomPool(randomBytes)
    const relations = new Relations()
    const needleKey = derive(masterKey, 'erasure-scan')
    this.kind = store.kind
    this.durability = store.durability
    this.#store = store
    this.#clock = clock
    this.#announcer = announcer
    // Not remembered between reads: an erased subject's key must not outlive its erasure in memory.
    this.#readKeys = () => new SubjectKeys(masterKey, random)
    this.#idHashKey = derive(masterKey, 'event-id')
    this.#writer = new Writer({
      store,
      clock,
      random,
      keys: new SubjectKeys(masterKey, random),
      appendEvents: (context, events) => appendEvents(context, relations, events),
      sealNeedle: (id) => seal(needleKey, random.take(12), id),
      committed: (seq) => {
        announcer.committed(seq)
        this.#catchUp.soon()
      },
    })
    this.#catchUp = new AdjacencyCatchUp(this.#writer)
    this.#scan = new PayloadScan({
      store,
      writer: this.#writer,
      keys: this.#readKeys,
      openNeedle: (sealed) => unseal(needleKey, sealed),
    })
    this.#edges = new EdgeReader(store, relations, () => this.#catchUp.now())
    this.db = kyselyOver(store)
    this.labels = labelsOver(store, this.#writer, clock)
    this.documents = documentsOver(store, this.#writer)
    this.users = usersOver(store, this.#writer)
    this.apiKeys = apiKeysOver(store, this.#writer, clock, randomBytes)
    this.sessions = sessionsOver(store, clock, randomBytes)
    this.legalHolds = legalHoldsOver(store, this.#writer)
    this.#tasks = new TaskBoard(store)
    this.transaction = transactionsOver({
      writer: this.#writer,
      append: async (context, events, by) => {
        const results: AppendResult[] = new Array(events.length)
        const good = this.#check({ events, by, now: context.now, from: 0, to: events.length }, results)
        const made = await appendEvents(
          context,
          relations,
          good.map(({ event }) => event),
        )
        for (const [i, { index }] of good.entries()) results[index] = made[i]!
        return results
      },
      enqueue: (sql, name, data, options) => this.#tasks.enqueueWithin(sql, name, data, options),
      wake: (name) => this.#tasks.wake(name),
      finishErasure: () => this.#scan.finish(),
    })
    this.outbox = outboxOver({
      store,
      clock,
      holder: () => Buffer.from(randomBytes(12)).toString('hex'),
      head: () => this.head(),
      read: (query) => this.events(query),
      onCommit: (listener) => this.onCommit(listener),
    })
  }

  async append(events: readonly EventInput[], by: Principal): Promise<AppendResult[]> {
    const now = this.#clock()
    const results: AppendResult[] = new Array(events.length)
    const waiting: Promise<void>[] = []
    for (let from = 0; from < events.length; from += SLICE) {
      const good = this.#check({ events, by, now, from, to: Math.min(events.length, from + SLICE) }, results)
      if (good.length === 0) continue
      const appended = this.#writer.append(good.map(({ event }) => event))
      waiting.push(
        appended.then((made) => {
          for (const [i, { index }] of good.entries()) results[index] = made[i]!
        }),
      )
    }
    await Promise.all(waiting)
    const erased = results.some((result, i) => result.status === 'accepted' && events[i]!.type === 'subject.erased')
    if (erased) await this.#scan.finish()
    return results
  }

  /** Goes on with what a process that died left unfinished. */
  resume(): void {
    this.#resumed = this.#scan.finish().catch(() => {})
  }

  /** The good events of a slice and their places; refusals are answered at once. */
  #check({ events, by, now, from, to }: Slice, results: AppendResult[]): { index: number; event: PreparedEvent }[] {
    const good: { index: number; event: PreparedEvent }[] = []
    for (let index = from; index < to; index++) {
      const made = prepareEvent(events[index], by, now, this.#idHashKey)
      if (isRefusal(made)) results[index] = { id: String(events[index]?.id ?? ''), status: 'rejected', ...made }
      else good.push({ index, event: made })
    }
    return good
  }

  get tasks() {
    return this.#tasks
  }

  events(query: EventQuery) {
    return readEvents(this.#store, this.#readKeys(), query)
  }

  async head(): Promise<number> {
    return (await this.#store.query<{ seq: number }>('select seq from ledger_head')).rows[0]!.seq
  }

  cursor(name: string) {
    return cursorOver(this.#store, name)
  }

  onCommit(listener: Parameters<Ledger['onCommit']>[0]) {
    return this.#announcer.add(listener)
  }

  edges(query?: EdgeQuery) {
    return this.#edges.edges(query)
  }

  neighbours(nodes: readonly string[], options: { relations?: readonly string[] } = {}) {
    return this.#edges.neighbours(nodes, options.relations)
  }

  async record(kind: string, data: Readonly<Record<string, unknown>>, by: Principal): Promise<void> {
    await this.#writer.write((context) => recordIn(context, kind, data, by))
  }

  audit(query: Parameters<Ledger['audit']>[0] = {}) {
    return readAudit(this.#store, query)
  }

  verify() {
    return verifyChain(this.#store)
  }

  async sweep(now = this.#clock()) {
    const report = await sweepAll(this.#writer, now)
    if (!has(this.kind, 'vacuumsItself')) await this.#store.script('vacuum (analyze)')
    return report
  }

  async counts(): Promise<LedgerCounts> {
    const { rows } = await this.#store.query<LedgerCounts>(
      `select (select count(*) from event) as events, (select count(*) from entity where kind = 'account' and name is not null) as accounts,
         (select count(*) from edge where withdrawn_at is null) as edges, (select count(*) from label where not neg) as labels`,
    )
    return { ...rows[0]! }
  }

  async close(): Promise<void> {
    this.#catchUp.stop()
    await this.#resumed
    await this.#tasks.close()
    await this.#writer.close()
    await this.#store.close()
  }
}
