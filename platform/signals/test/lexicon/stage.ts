import { seededRandom } from '@firebreak/kernel'
import type { Ledger, LedgerOptions, Principal } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { Lexicon, type NewLexiconEntry, sealerFrom } from '../../src/index.ts'

export const ANNA: Principal = { kind: 'user', id: 'anna' }
export const BEN: Principal = { kind: 'user', id: 'ben' }
export const KEY: Principal = { kind: 'api-key', id: 'key-1' }

/** A lexicon over a ledger in memory, with a clock that tests set. */
export interface LexiconStage {
  now: number
  readonly ledger: Ledger
  readonly lexicon: Lexicon
  /** A second process on the same ledger. */
  another(): Promise<Lexicon>
  /** Takes an entry all the way; returns its id. */
  live(entry: NewLexiconEntry | string): Promise<string>
  close(): Promise<void>
}

export async function openLexiconStage(store?: LedgerOptions['store']): Promise<LexiconStage> {
  const stage: { now: number } = { now: TEST_TIME }
  const ledger = await openTestLedger({ clock: () => stage.now, ...(store ? { store } : {}) })
  let ids = 0
  const open = () =>
    Lexicon.open({
      ledger,
      sealer: sealerFrom(new Uint8Array(32).fill(5)),
      clock: () => stage.now,
      random: seededRandom('lexicon'),
      newId: () => `entry-${++ids}`,
      pollEvery: 20,
      allowed: (_detector, surface) => !surface.startsWith('private_') && surface !== 'message',
    })
  const opened: Lexicon[] = []
  const lexicon = await open()
  return Object.assign(stage, {
    ledger,
    lexicon,
    another: async () => {
      const other = await open()
      opened.push(other)
      return other
    },
    live: async (entry: NewLexiconEntry | string) => {
      const [added] = await lexicon.entries.add([typeof entry === 'string' ? { text: entry } : entry], ANNA)
      const id = added!.id!
      await lexicon.entries.test(id, 1, ANNA)
      await lexicon.entries.submit(id, ANNA)
      await lexicon.entries.approve(id, BEN)
      await lexicon.entries.publish(id, ANNA)
      return id
    },
    close: async () => {
      for (const one of [...opened, lexicon]) await one.close()
      await ledger.close()
    },
  })
}
