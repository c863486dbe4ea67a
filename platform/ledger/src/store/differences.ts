import type { Store } from './store.ts'

/** What code above the stores may ask about the engine beneath, instead of its name. */
export interface Difference {
  readonly embedded: boolean
  readonly postgres: boolean
  /** Why the two differ. */
  readonly reason: string
}

/** Everything in which the stores differ. All else is one dialect, and the contract suite asks the same of both. */
export const DIFFERENCES = {
  manyProcesses: {
    embedded: false,
    postgres: true,
    reason:
      'PGlite lives inside one process, and a second one on its directory would lose rows silently: the directory is locked. On PostgreSQL commits are told to other processes by NOTIFY.',
  },
  vacuumsItself: {
    embedded: false,
    postgres: true,
    reason: 'PGlite has no background processes: a retention sweep ends with VACUUM (ANALYZE).',
  },
  keepsMasterKey: {
    embedded: true,
    postgres: false,
    reason:
      'An embedded store has a directory for the key that opens its payloads. A database server has none, and a key inside it would open its own backups: the operator gives one.',
  },
  memory: {
    embedded: true,
    postgres: false,
    reason: 'Tests and trials without a trace on disk; a server always has one.',
  },
  concurrentReads: {
    embedded: false,
    postgres: true,
    reason:
      'PGlite has one connection, so reads wait for the transaction under way. A query outside a transaction, awaited inside it, would wait for ever: refused on both (store/nesting.ts).',
  },
  survivesPowerCut: {
    embedded: false,
    postgres: true,
    reason:
      'Directory entries of the embedded store are not synced, and a power cut was never tested; kill -9 was, on both.',
  },
} as const satisfies Readonly<Record<string, Difference>>

/** Whether the store of this kind has a property from the table. */
export function has(kind: Store['kind'], difference: keyof typeof DIFFERENCES): boolean {
  return DIFFERENCES[difference][kind]
}
