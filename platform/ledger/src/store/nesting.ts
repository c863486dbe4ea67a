import { AsyncLocalStorage } from 'node:async_hooks'
import { FirebreakError } from '@firebreak/kernel'
import type { OpenTransaction, Rows, Store, TransactionSql } from './store.ts'

interface Mark {
  readonly store: Store
  active: boolean
}

/**
 * The embedded store has one connection: a query outside a transaction, awaited inside it, would wait for ever. The mark travels with
 * the asynchronous context, so such a query fails at once, on both stores alike.
 */
const current = new AsyncLocalStorage<Mark>()

export function refuseNested(store: Store): void {
  const mark = current.getStore()
  if (mark?.active && mark.store === store) throw new FirebreakError('ledger/nested')
}

/** Runs work in one transaction: commits when it resolves, rolls back when it throws. */
export async function transaction<T>(store: Store, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
  refuseNested(store)
  const tx = await store.begin()
  const mark: Mark = { store, active: true }
  try {
    const result = await current.run(mark, () => work(tx))
    mark.active = false
    await tx.commit()
    return result
  } catch (error) {
    mark.active = false
    await tx.rollback().catch(() => {})
    throw error
  }
}

/** The store as everyone but the transaction itself sees it: refuses to be awaited inside a transaction. */
export function guarded(store: Store): Store {
  const face: Store = {
    kind: store.kind,
    durability: store.durability,
    query: <Row>(text: string, params?: readonly unknown[]): Promise<Rows<Row>> => {
      refuseNested(face)
      return store.query<Row>(text, params)
    },
    begin: (): Promise<OpenTransaction> => {
      refuseNested(face)
      return store.begin()
    },
    script: (text, within) => {
      if (within === undefined) refuseNested(face)
      return store.script(text, within)
    },
    listen: (channel, heard) => store.listen(channel, heard),
    close: () => store.close(),
  }
  return face
}

/** Runs `work` as if outside any transaction; for loops that happen to be started from inside one. */
export function outsideTransactions<T>(work: () => T): T {
  return current.exit(work)
}

/** Marks everything awaited in `work` as inside a transaction of the store. */
export async function marked<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const mark: Mark = { store, active: true }
  try {
    return await current.run(mark, work)
  } finally {
    mark.active = false
  }
}
