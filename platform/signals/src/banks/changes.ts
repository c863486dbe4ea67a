import type { OpinionCategory } from './opinions.ts'

/** A change to one entry after it came in. `entry` is its number in its bank, in the order of arrival. */
export type EntryChange =
  | { readonly entry: number; readonly do: 'opinion'; readonly owner: string; readonly category: OpinionCategory }
  /** The owner has no opinion any more. */
  | { readonly entry: number; readonly do: 'no-opinion'; readonly owner: string }
  /** Gone at its source, or taken out by a person: a tombstone stays. */
  | { readonly entry: number; readonly do: 'withdraw' }
  | { readonly entry: number; readonly do: 'restore' }
  /** It matched far too much; it decides nothing until a person releases it. */
  | { readonly entry: number; readonly do: 'quarantine' }
  /** A person looked; `floodLimit` replaces the bank's from now on. */
  | { readonly entry: number; readonly do: 'release'; readonly floodLimit: number }
  | { readonly entry: number; readonly do: 'expire'; readonly at: number | null }

/** The journal's operations, by their number in the store. Append only. */
export const OPERATIONS = ['add', 'change', 'settings'] as const
/** One of `OPERATIONS`. */
export type Operation = (typeof OPERATIONS)[number]

/** One row of the journal, opened. */
export interface JournalRow {
  readonly seq: number
  readonly bank: number
  readonly operation: Operation
  /** For `add`: the number of its first entry. */
  readonly first: number
  readonly count: number
  readonly body: Uint8Array
}

/** The changes in an opened `change` row. */
export function changesIn({ body }: JournalRow): EntryChange[] {
  return JSON.parse(Buffer.from(body).toString('utf8')) as EntryChange[]
}

/** Whether a row may make media match that did not match before its seq, besides its own new entries. */
export function rematchesAll(row: JournalRow): boolean {
  if (row.operation === 'settings')
    return (JSON.parse(Buffer.from(row.body).toString('utf8')) as { rematch?: boolean }).rematch === true
  if (row.operation !== 'change') return false
  return changesIn(row).some((change) => change.do === 'restore' || change.do === 'expire')
}
