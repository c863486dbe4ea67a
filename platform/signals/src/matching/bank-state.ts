import type { BankSettings } from '../banks/settings.ts'

/** A bank as the matcher knows it. */
export interface BankState {
  readonly id: number
  readonly name: string
  settings: BankSettings
  removed: boolean
  /** Entries that ever came in; the next one's number. */
  entries: number
  /** Of these, withdrawn and not restored. */
  withdrawn: number
  quarantined: number
  /** First slot and first entry number of each run of entries, ascending by entry. */
  readonly runs: { readonly entry: number; readonly slot: number; readonly count: number }[]
  /** Flood limits that a person set on release. */
  readonly floodLimits: Map<number, number>
}

/** A new bank without entries. */
export function bankState(id: number, name: string, settings: BankSettings): BankState {
  return {
    id,
    name,
    settings,
    removed: false,
    entries: 0,
    withdrawn: 0,
    quarantined: 0,
    runs: [],
    floodLimits: new Map(),
  }
}

/** The slot of an entry, or -1. Cost: a binary search over the chunks. */
export function slotOf({ runs }: BankState, entry: number): number {
  let low = 0
  let high = runs.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const run = runs[middle]!
    if (entry < run.entry) high = middle - 1
    else if (entry >= run.entry + run.count) low = middle + 1
    else return run.slot + (entry - run.entry)
  }
  return -1
}
