import { type Clock, FirebreakError, type Random } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type BlastRadius, blastRadius, noRadius, type TextSource } from './blast-radius.ts'
import { CompiledList } from './compiled-list.ts'
import type { CheckedEntry } from './entry.ts'
import { mustBeIn } from './entry-steps.ts'
import type { EntryRow, LexiconStore } from './lexicon-store.ts'
import { hasErrors, type LintReport, lintEntries, opened, wordsOf } from './lint.ts'
import type { ProtectedTerms } from './protected-terms.ts'

/** What is known of a version before people decide on it. */
export interface Trial {
  readonly lint: LintReport
  readonly radius: BlastRadius
}

/** What a trial reads and draws from. */
interface TrialSource extends TextSource {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: Random
}

/** Lint and blast radius of the newest versions: one pass over corpus and events for all of them. */
export async function tryEntries(
  { ledger, allowed, clock, random }: TrialSource,
  store: LexiconStore,
  protectedTerms: ProtectedTerms,
  ids: readonly string[],
  days: number,
): Promise<Trial[]> {
  const entries: CheckedEntry[] = []
  for (const id of ids) {
    const { kind, list, version } = await store.row(ledger.db, id)
    entries.push({ kind, list, ...(await store.version(ledger.db, id, version)).body })
  }
  const lints = lintEntries(entries, protectedTerms)
  const sound = entries.flatMap((entry, i) => (hasErrors(lints[i]!.problems) ? [] : [opened(entry, ids[i]!)]))
  const { events, byEntry } = await blastRadius({ ledger, allowed }, CompiledList.of(sound), {
    days,
    now: clock(),
    random,
  })
  return ids.map((id, i) => ({ lint: lints[i]!, radius: byEntry.get(id) ?? noRadius(days, events) }))
}

/** Draft → test, with the numbers of the trial kept beside the version; its sample is shown once and not kept. */
export async function passTrial(
  store: LexiconStore,
  tx: LedgerTransaction,
  row: EntryRow,
  { lint, radius }: Trial,
): Promise<EntryRow> {
  mustBeIn(row, ['draft', 'test'])
  if (hasErrors(lint.problems)) throw new FirebreakError('lexicon/lint', [wordsOf(lint)])
  const { sample, ...numbers } = radius
  await store.findings(tx, row, { lint, blastRadius: numbers, sampled: sample.length })
  return store.update(tx, row.id, { state: 'test' })
}
