import { linkKey, removedLinks } from '@firebreak/enforcement'
import type { Ledger } from '@firebreak/ledger'
import type { MapperOptions } from '@firebreak/networks'

/** Links that an appeal removed stay out of every map, through the server or without one. */
export function withoutAppealedLinks(ledger: Ledger): MapperOptions {
  return {
    leftOut: async () => {
      const removed = await removedLinks(ledger)
      return ({ source, target, relation }) => removed.has(linkKey(source, target, relation))
    },
  }
}
