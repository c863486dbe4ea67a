import { seededRandom } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { Banks, type NewEntry, type Opinion, sealerFrom } from '../src/index.ts'

export const SYSTEM = { kind: 'system', id: 'test' } as const
export const PERSON = { kind: 'user', id: 'moderator-1' } as const

export const testSealer = sealerFrom(new Uint8Array(32).fill(7))

/** Banks over a ledger in memory, with a clock that tests set. */
export interface Stage {
  now: number
  readonly ledger: Ledger
  readonly banks: Banks
  readonly faults: unknown[]
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const faults: unknown[] = []
  const stage: { now: number } = { now: TEST_TIME }
  const clock = () => stage.now
  const ledger = await openTestLedger({ clock })
  const banks = await Banks.open({ ledger, sealer: testSealer, clock, onFault: (error) => faults.push(error) })
  return Object.assign(stage, {
    ledger,
    banks,
    faults,
    close: async () => {
      await banks.close()
      await ledger.close()
    },
  })
}

const random = seededRandom('signals')

export function randomHash(bytes = 32): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256))
}

/** The same hash with this many bits changed. */
export function near(hash: Uint8Array, bits: number): Uint8Array {
  const other = hash.slice()
  for (let bit = 0; bit < bits; bit++) other[bit >> 3]! ^= 1 << (bit & 7)
  return other
}

export function entry(
  hash: Uint8Array,
  category: Opinion['category'] = 'POSITIVE_CLASS',
  rest: Partial<NewEntry> = {},
): NewEntry {
  return { hash, opinions: [{ owner: 'own', category }], ...rest }
}
