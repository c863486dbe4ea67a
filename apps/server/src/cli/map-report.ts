import type { MapAnswer } from './map-writers.ts'
import { count, note, type Terminal } from './terminal.ts'

/** What a person must know beside the table: unknown seeds, seeds that do not fit, and "this is not a network". */
export function reportAnswer(
  { query, seeds, unknown, map: found }: MapAnswer,
  queries: number,
  terminal: Terminal,
): void {
  const name = queries === 1 ? '' : `query ${query}: `
  if (unknown.length > 0) {
    note(
      terminal,
      `${name}${count(unknown.length)} of ${count(seeds.length)} seeds are not in the graph: ${listed(unknown)}`,
    )
  }
  const misfits = found.seeds.filter((seed) => seed.known && !seed.fits).map((seed) => seed.account)
  if (found.isNetwork && misfits.length > 0) note(terminal, `${name}does not fit the other seeds: ${listed(misfits)}`)
  if (!found.isNetwork) note(terminal, `${name}not a network: ${found.reason}`)
  else if (queries === 1) {
    const members = found.accounts.filter((account) => account.member).length
    note(terminal, `a network of ${count(members)} accounts besides its seeds: ${found.reason}`)
  }
}

function listed(ids: readonly string[]): string {
  return ids.length <= 20 ? ids.join(', ') : `${ids.slice(0, 20).join(', ')} and ${count(ids.length - 20)} more`
}
