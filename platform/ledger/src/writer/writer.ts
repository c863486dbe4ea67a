import type { Clock } from '@firebreak/kernel'
import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import { CHAIN_KINDS, digestOf } from '../chain/digest.ts'
import { ChainTail } from '../chain/tail.ts'
import type { PreparedEvent } from '../events/prepare.ts'
import type { RandomPool } from '../keys/random-pool.ts'
import type { SubjectKeys } from '../keys/subject-keys.ts'
import { has } from '../store/differences.ts'
import { outsideTransactions, refuseNested, transaction } from '../store/nesting.ts'
import type { Sql, Store, TransactionSql } from '../store/store.ts'
import type { AppendResult, Principal } from '../types.ts'
import { Entities, entityKey } from './entities.ts'
import { UnderWay } from './under-way.ts'
import type { WriteContext } from './write-context.ts'

export type { WriteContext } from './write-context.ts'

interface Unit {
  readonly size: number
  /** Events, appended together with those of the units beside it; or any other write. */
  readonly events?: readonly PreparedEvent[]
  run(context: WriteContext): Promise<void>
  appended(results: readonly AppendResult[]): void
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

export type AppendEvents = (context: WriteContext, events: readonly PreparedEvent[]) => Promise<AppendResult[]>

export interface WriterParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: RandomPool
  readonly keys: SubjectKeys
  readonly appendEvents: AppendEvents
  readonly sealNeedle: (id: Buffer) => Buffer
  readonly committed: (seq: number) => void
}

/** Events per transaction at most (a larger single append goes alone); more wait for the next one. */
const FULL = 10_000

/**
 * Group commit. Writes that arrive while one transaction is under way share the next; each resolves after its commit. The head row is
 * locked for the whole transaction, which puts the writers of all processes in one order and makes positions gapless.
 */
export class Writer {
  readonly #appendEvents: AppendEvents
  readonly #sealNeedle: (id: Buffer) => Buffer
  readonly #store: Store
  readonly #clock: Clock
  readonly #random: RandomPool
  readonly #keys: SubjectKeys
  readonly #entities = new Entities()
  readonly #committed: (seq: number) => void
  #queue: Unit[] = []
  #running: Promise<void> | undefined
  #closed = false
  #erasures = -1
  /** The position this writer left the ledger at; when it stands elsewhere, another process wrote. */
  #left = -1

  constructor(parts: WriterParts) {
    this.#store = parts.store
    this.#clock = parts.clock
    this.#random = parts.random
    this.#keys = parts.keys
    this.#appendEvents = parts.appendEvents
    this.#sealNeedle = parts.sealNeedle
    this.#committed = parts.committed
  }

  /** Appends events in the next transaction; one result each, in order, after the commit. */
  append(events: readonly PreparedEvent[]): Promise<readonly AppendResult[]> {
    let results: readonly AppendResult[] = []
    const appended = (made: readonly AppendResult[]) => {
      results = made
    }
    return this.#enqueue(events.length, () => results, { events, appended, run: async () => {} })
  }

  /** Runs `work` in the next transaction; resolves with its result after the commit. Rejecting undoes only this write. */
  write<T>(work: (context: WriteContext) => Promise<T>): Promise<T> {
    let result: T
    const run = async (context: WriteContext) => {
      result = await work(context)
    }
    return this.#enqueue(1, () => result, { run, appended: () => {} })
  }

  /**
   * As `write`, but work that throws is undone by itself and never repeated for its own error: it is an answer, not a fault. It may run
   * again from its beginning when a write beside it failed.
   */
  isolated<T>(work: (context: WriteContext) => Promise<T>): Promise<T> {
    let outcome: () => T
    const run = async (context: WriteContext) => {
      try {
        const value = await context.undoable(() => work(context))
        outcome = () => value
      } catch (error) {
        if (isFirebreakError(error) && error.code === 'ledger/unavailable') throw error
        outcome = () => {
          throw error
        }
      }
    }
    return this.#enqueue(1, () => outcome(), { run, appended: () => {} })
  }

  #enqueue<T>(size: number, result: () => T, unit: Pick<Unit, 'events' | 'run' | 'appended'>): Promise<T> {
    refuseNested(this.#store)
    if (this.#closed) return Promise.reject(new FirebreakError('ledger/closed'))
    return new Promise((resolve, fail) => {
      const done = () => {
        try {
          resolve(result())
        } catch (error) {
          fail(error)
        }
      }
      this.#queue.push({ size, ...unit, done, fail })
      this.#running ??= outsideTransactions(() => this.#drain())
    })
  }

  /** Whether writes are waiting or under way. */
  get busy(): boolean {
    return this.#running !== undefined
  }

  /** Refuses further writes and waits for those under way. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #drain(): Promise<void> {
    await null // lets the writes of this turn of the event loop join the first transaction
    while (this.#queue.length > 0) {
      const units = this.#take()
      const committed = await this.#attempt(units)
      if (!committed && units.length > 1) for (const unit of units) await this.#attempt([unit])
    }
    this.#running = undefined
  }

  #take(): Unit[] {
    let size = 0
    let count = 0
    while (count < this.#queue.length && (count === 0 || size + this.#queue[count]!.size <= FULL))
      size += this.#queue[count++]!.size
    return this.#queue.splice(0, count)
  }

  /**
   * One transaction for all units. When it fails with several, each is tried alone so that only the culprit fails; but not after the
   * store went away: the commit may have been kept, and labels or records would stand twice.
   */
  async #attempt(units: readonly Unit[]): Promise<boolean> {
    try {
      const seq = await transaction(this.#store, (sql) => this.#inTransaction(sql, units))
      this.#entities.settle()
      for (const unit of units) unit.done()
      if (seq !== null) this.#left = seq
      if (seq !== null) this.#committed(seq)
      return true
    } catch (error) {
      this.#entities.forgetAll()
      this.#keys.forget()
      const alone = units.length === 1 || (isFirebreakError(error) && error.code === 'ledger/unavailable')
      if (alone) for (const unit of units) unit.fail(error)
      return alone
    }
  }

  async #inTransaction(sql: TransactionSql, units: readonly Unit[]): Promise<number | null> {
    const head = await lockHead(sql)
    if (head.erasures !== this.#erasures) {
      this.#entities.forgetAll()
      this.#keys.forget()
    } else if (head.seq !== this.#left) this.#entities.forgetContent()
    this.#left = -1
    const underWay = new UnderWay()
    const chain = new ChainTail(head)
    let erasures = head.erasures
    const context: WriteContext = {
      sql,
      now: this.#clock(),
      entities: this.#entities,
      keys: this.#keys,
      random: this.#random,
      chain: (kind, salt, fields) => chain.add(CHAIN_KINDS[kind], digestOf(salt, fields)),
      principal: (by) => this.#principal(sql, by),
      flushChain: () => chain.flush(sql),
      later: (statement) => underWay.add(statement),
      settled: () => underWay.settled(),
      sealNeedle: this.#sealNeedle,
      erased: () => {
        erasures++
      },
      undoable: async (work) => {
        await underWay.settled()
        await chain.flush(sql)
        const before = { chain: chain.mark(), erasures }
        await sql.query('savepoint undoable')
        try {
          const result = await work()
          await underWay.settled()
          await chain.flush(sql)
          await sql.query('release savepoint undoable')
          return result
        } catch (error) {
          await underWay.ended()
          await sql.query('rollback to savepoint undoable')
          chain.reset(before.chain)
          erasures = before.erasures
          this.#entities.forgetAll()
          this.#keys.forget()
          throw error
        }
      },
    }
    return underWay.whole(async () => {
      await this.#run(context, units)
      underWay.add(chain.flush(sql))
      this.#erasures = erasures
      if (chain.seq === head.seq) return null
      underWay.add(
        sql.query('update ledger_head set seq = $1, hash = $2, erasures = $3', [chain.seq, chain.hash, erasures]),
      )
      if (has(this.#store.kind, 'manyProcesses'))
        underWay.add(sql.query(`select pg_notify('ledger_commit', $1)`, [String(chain.seq)]))
      return chain.seq
    })
  }

  async #run(context: WriteContext, units: readonly Unit[]): Promise<void> {
    let at = 0
    while (at < units.length) {
      const together = countWhile(units, at, (unit) => unit.events !== undefined)
      if (together === 0) await units[at++]!.run(context)
      else {
        const appending = units.slice(at, at + together)
        const results = await this.#appendEvents(
          context,
          appending.flatMap((unit) => unit.events!),
        )
        let taken = 0
        for (const unit of appending) {
          unit.appended(results.slice(taken, taken + unit.size))
          taken += unit.size
        }
        at += together
        if (at < units.length) await context.settled()
      }
    }
  }

  async #principal(sql: TransactionSql, by: Principal): Promise<number> {
    const name = principalName(by)
    await this.#entities.intern(sql, new Map([[entityKey('principal', name), ['principal', name] as const]]))
    await this.#entities.save(sql)
    return this.#entities.get('principal', name).id
  }
}

function countWhile<T>(items: readonly T[], from: number, holds: (item: T) => boolean): number {
  let to = from
  while (to < items.length && holds(items[to]!)) to++
  return to - from
}

export function principalName(by: Principal): string {
  return `${by.kind}:${by.id}`
}

export function principalOf(name: string): Principal {
  const cut = name.indexOf(':')
  return { kind: name.slice(0, cut) as Principal['kind'], id: name.slice(cut + 1) }
}

interface Head {
  readonly seq: number
  readonly hash: Uint8Array
  readonly erasures: number
}

async function lockHead(sql: Sql): Promise<Head> {
  const { rows } = await sql.query<Head>('select seq, hash, erasures from ledger_head for update')
  return rows[0]!
}
