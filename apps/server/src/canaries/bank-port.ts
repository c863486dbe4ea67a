import { createHash } from 'node:crypto'
import { type Banks, OWN } from '@firebreak/signals'
import type { CanaryPort } from './watch.ts'

const BANK = 'FIREBREAK_CANARY'
const BY = { kind: 'system', id: 'canaries' } as const

/** A hash of nothing into a bank of its own: it must match at once, its neighbour must not, and withdrawn it must match no more. */
export function bankPort(banks: Banks): CanaryPort {
  return {
    surface: 'hash/banks',
    live: () => true,
    fly: async (id) => {
      if (!banks.list().some(({ name }) => name === BANK))
        await banks.create(BANK, { notes: 'synthetic; watched by the canaries' }, BY)
      const query = { kind: 'sha256' as const, hash: hashOf(id) }
      const opinions = [{ owner: OWN, category: 'INVESTIGATION_SEED' as const }]
      const entry = await banks.add(BANK, 'sha256', [{ hash: query.hash, opinions }], BY)
      const matched = banks.entriesWith(BANK, query).includes(entry)
      const strange = banks.match({ kind: 'sha256', hash: hashOf(`${id}-other`) }).length > 0
      await banks.change(BANK, [{ entry, do: 'withdraw' }], 'canary over', BY)
      if (!matched) return { state: 'lost', detail: 'an added hash does not match' }
      if (strange) return { state: 'leaked', detail: 'a hash that is in no bank matched' }
      if (banks.entriesWith(BANK, query).length > 0)
        return { state: 'leaked', detail: 'a withdrawn hash still matches' }
      return { state: 'found' }
    },
  }
}

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
