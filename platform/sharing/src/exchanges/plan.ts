import type { BankState, Banks, EntryChange, HashKind, NewEntry, Opinion } from '@firebreak/signals'
import type { SourceEntry, SourceRecord } from './adapter.ts'

/** What a delta does to a bank as it stands. */
export interface DeltaPlan {
  readonly adds: ReadonlyMap<HashKind, readonly NewEntry[]>
  readonly changes: readonly EntryChange[]
  readonly added: number
  readonly changed: number
  readonly withdrawn: number
}

/**
 * Compares a delta with the bank: new hashes are added, entries whose record no longer has them or is gone are withdrawn, opinions
 * replaced. Only what its source owns is touched: the operator's own opinions stay. Applying it twice plans nothing the second time.
 */
export function planDelta(banks: Banks, bank: BankState, records: readonly SourceRecord[]): DeltaPlan {
  const last = new Map(records.map((record) => [record.sourceId, record]))
  const refs = new Map([...last.keys()].map((id) => [id, banks.store.refOf(bank.id, id)]))
  const known = banks.matcher.entriesOf(bank.id, new Set(refs.values()))
  const adds = new Map<HashKind, NewEntry[]>()
  const changes: EntryChange[] = []
  let [added, changed, withdrawn] = [0, 0, 0]
  for (const [id, record] of last) {
    const entries = known.get(refs.get(id)!) ?? []
    const live = entries.filter((entry) => !banks.matcher.isWithdrawn(bank, entry))
    if ('withdrawn' in record) {
      for (const entry of live) changes.push({ entry, do: 'withdraw' })
      withdrawn += live.length
      continue
    }
    const kept = new Set<number>()
    for (const { kind, hash } of record.hashes) {
      const same = entries.find((entry) => banks.matcher.holds(bank, entry, kind, hash))
      if (same === undefined) {
        added++
        listOf(adds, kind).push(newEntry(record, hash))
        continue
      }
      kept.add(same)
      const before = changes.length
      if (!live.includes(same)) changes.push({ entry: same, do: 'restore' })
      changes.push(...opinionChanges(same, banks.matcher.opinions(bank, same), record.opinions))
      if (changes.length > before) changed++
    }
    for (const entry of live)
      if (!kept.has(entry)) {
        changes.push({ entry, do: 'withdraw' })
        withdrawn++
      }
  }
  return { adds, changes, added, changed, withdrawn }
}

function newEntry({ sourceId, opinions, expiresAt }: SourceEntry, hash: Uint8Array): NewEntry {
  return { hash, opinions, sourceId, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

/** Owners named `own` and those of other sources do not occur in a record, and are not its to change. */
function opinionChanges(entry: number, before: readonly Opinion[], now: readonly Opinion[]): EntryChange[] {
  const had = new Map(before.map(({ owner, category }) => [owner, category]))
  const has = new Map(now.map(({ owner, category }) => [owner, category]))
  const changes: EntryChange[] = []
  for (const [owner, category] of has)
    if (had.get(owner) !== category) changes.push({ entry, do: 'opinion', owner, category })
  for (const owner of had.keys())
    if (!has.has(owner) && owner !== 'own') changes.push({ entry, do: 'no-opinion', owner })
  return changes
}

function listOf(adds: Map<HashKind, NewEntry[]>, kind: HashKind): NewEntry[] {
  let list = adds.get(kind)
  if (list === undefined) {
    list = []
    adds.set(kind, list)
  }
  return list
}
