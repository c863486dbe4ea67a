import type { ChainKind } from '../chain/digest.ts'
import type { RandomPool } from '../keys/random-pool.ts'
import type { SubjectKeys } from '../keys/subject-keys.ts'
import type { TransactionSql } from '../store/store.ts'
import type { Principal } from '../types.ts'
import type { Entities } from './entities.ts'

/** What a write sees while it holds the head of the ledger. Everything it adds is in one transaction with its chain entries. */
export interface WriteContext {
  readonly sql: TransactionSql
  readonly now: number
  readonly entities: Entities
  readonly keys: SubjectKeys
  readonly random: RandomPool
  /** Adds a chain entry over the salted fields; returns its position. */
  chain(kind: ChainKind, salt: Uint8Array, fields: readonly unknown[]): number
  /** The number of a principal, as rows store it. */
  principal(by: Principal): Promise<number>
  /** Writes pending chain entries out, for statements that must see them. */
  flushChain(): Promise<void>
  /**
   * Leaves a statement under way while the next ones are prepared: the store runs them in the order given, and the commit waits for all.
   * The first one that fails is the error of the write.
   */
  later(statement: Promise<unknown>): void
  /** Waits for the statements left under way. */
  settled(): Promise<void>
  /** Seals an erased id for the search in other people's payloads. */
  sealNeedle(id: Buffer): Buffer
  /** Tells other processes, with this commit, to drop what they remember of names and keys. */
  erased(): void
  /** Runs work under a savepoint: when it throws, all it wrote is undone, and the rest of the transaction goes on. */
  undoable<T>(work: () => Promise<T>): Promise<T>
}
