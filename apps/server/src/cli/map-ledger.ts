import type { NetworkMap } from '@firebreak/graph'
import type { SeedQuery } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { NetworkMapper, pseudonymous, pseudonymsFrom, withVictims } from '@firebreak/networks'
import { markedVictims } from '@firebreak/review'
import { mayReveal } from '../access/reveal-limit.ts'
import type { Store } from '../instance/open-store.ts'
import { withoutAppealedLinks } from '../networks/appealed-links.ts'
import { runningServer } from './connection.ts'
import { openExistingStore } from './existing-store.ts'
import type { MapOptions } from './map.ts'
import { reportAnswer } from './map-report.ts'
import { type MapWriter, mapWriter, type WriterKind } from './map-writers.ts'
import { watermark } from './reveal.ts'
import { ProgressLine, type Terminal } from './terminal.ts'

export interface LedgerRun {
  readonly options: MapOptions
  readonly kind: WriterKind
  readonly queries: readonly SeedQuery[]
  readonly benign: readonly string[]
}

/**
 * Maps over the ledger of a data directory: pseudonyms unless `--reveal` (which is logged), a watermark in every result,
 * likely victims never listed. A server that has the directory open is asked instead of the store.
 */
export async function mapFromLedger(run: LedgerRun, terminal: Terminal): Promise<void> {
  const { options } = run
  const server = await runningServer(options.data)
  if (server) {
    const { mapThroughServer } = await import('./map-server.ts')
    return mapThroughServer(run, server, terminal)
  }
  const store = await openExistingStore(options.data)
  const mapper = new NetworkMapper(store.ledger, withoutAppealedLinks(store.ledger))
  const writer = await mapWriter(run.kind, terminal, { ...options, watermark: watermark(options.data) })
  try {
    await answerAll(run, store, mapper, writer, terminal)
    await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  } finally {
    await mapper.close()
    await store.close()
  }
}

async function answerAll(
  run: LedgerRun,
  store: Store,
  mapper: NetworkMapper,
  writer: MapWriter,
  terminal: Terminal,
): Promise<void> {
  const { options, benign } = run
  const progress = new ProgressLine(terminal)
  const name = pseudonymsFrom(store.secrets.pseudonyms)
  await mapper.upToDate((read) => progress.update(`reading the ledger: ${read} edges`, 0, 1))
  progress.clear()
  for (const { query, seeds } of run.queries) {
    const found = await mapper.map({ seeds, benign, directed: options.directed ?? false }, { limit: options.limit })
    const unknown = found.seeds.filter((seed) => !seed.known).map((seed) => seed.account)
    if (unknown.length === seeds.length && run.queries.length === 1) {
      throw new FirebreakError('input/no-seeds', [`the ${seeds.length} given`])
    }
    reportAnswer({ query, seeds, unknown, map: found }, run.queries.length, terminal)
    const named = [...found.seeds, ...found.accounts].map(({ account }) => account)
    const shown = withoutVictims(withVictims(found, await markedVictims(store.ledger.db, named)))
    if (options.reveal) await logReveal(store, query, shown)
    await writer.query({ query, seeds, unknown, map: options.reveal ? shown : pseudonymous(shown, name) })
  }
}

function withoutVictims(map: NetworkMap): NetworkMap {
  return { ...map, accounts: map.accounts.filter((account) => account.role !== 'likely-victim') }
}

async function logReveal(store: Store, query: string, map: NetworkMap): Promise<void> {
  mayReveal(map.accounts.length)
  await store.ledger.record(
    'reveal',
    { query, accounts: map.accounts.length, how: 'map' },
    { kind: 'system', id: 'cli' },
  )
}
