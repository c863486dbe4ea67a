import { GuardedClient } from '@firebreak/intake'
import { seededRandom } from '@firebreak/kernel'
import type { Ledger, LedgerOptions } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { Banks, hashFromHex, hexOf, sealerFrom } from '@firebreak/signals'
import { Exchanges, type ExchangesOptions } from '../src/index.ts'

export const PERSON = { kind: 'user', id: 'moderator-1' } as const
export const testSealer = sealerFrom(new Uint8Array(32).fill(7))

/** Exchanges over a ledger in memory, with a clock that tests set; waiting moves the clock instead. */
export interface ExchangeStage {
  now: number
  readonly ledger: Ledger
  readonly banks: Banks
  readonly exchanges: Exchanges
  readonly waits: number[]
  readonly faults: unknown[]
  /** Another process on the same store. */
  other(options?: Partial<ExchangesOptions>): Exchanges
  /** How many entries match a hash, and what is thought of the first. */
  found(kind: 'pdq' | 'md5', hex: string): { entry: number; opinion: string }[]
  close(): Promise<void>
}

export async function openExchangeStage(
  allow: readonly string[],
  more: Partial<ExchangesOptions> = {},
  store?: LedgerOptions['store'],
): Promise<ExchangeStage> {
  const stage: { now: number } = { now: TEST_TIME }
  const clock = () => stage.now
  const waits: number[] = []
  const faults: unknown[] = []
  const ledger = await openTestLedger({ clock, ...(store === undefined ? {} : { store }) })
  const banks = await Banks.open({ ledger, sealer: testSealer, clock })
  const client = new GuardedClient({ allow: allow.map((url) => new URL(url).host) })
  const options: ExchangesOptions = {
    ...{ ledger, banks, sealer: testSealer, clock, holder: 'test', working: false },
    request: (url, request) => client.request(url, request),
    sleep: async (ms) => {
      waits.push(ms)
      stage.now += ms
    },
    onFault: (error) => faults.push(error),
    ...more,
  }
  const exchanges = Exchanges.open(options)
  return Object.assign(stage, {
    ...{ ledger, banks, exchanges, waits, faults },
    other: (changes: Partial<ExchangesOptions> = {}) => Exchanges.open({ ...options, holder: 'other', ...changes }),
    found: (kind: 'pdq' | 'md5', hex: string) =>
      banks.match({ kind, hash: hashFromHex(kind, hex)! }).map(({ entry, opinion }) => ({ entry, opinion })),
    close: async () => {
      await exchanges.close()
      await banks.close()
      await client.close()
      await ledger.close()
    },
  })
}

const random = seededRandom('exchanges')

export function randomHex(bytes: number): string {
  return hexOf(Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)))
}

export { TEST_TIME }
