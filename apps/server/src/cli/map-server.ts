import type { NetworkMap } from '@firebreak/graph'
import { FirebreakError } from '@firebreak/kernel'
import { mayReveal } from '../access/reveal-limit.ts'
import type { NetworkDocument } from '../networks/network-document.ts'
import { type RunningServer, waitFor } from './connection.ts'
import type { MapOptions } from './map.ts'
import type { LedgerRun } from './map-ledger.ts'
import { reportAnswer } from './map-report.ts'
import { mapWriter } from './map-writers.ts'
import { watermark } from './reveal.ts'
import { note, ProgressLine, type Terminal } from './terminal.ts'

/** The same answers from the server that has the store open; each query becomes a network in its console. */
export async function mapThroughServer(run: LedgerRun, server: RunningServer, terminal: Terminal): Promise<void> {
  const { options, queries, benign } = run
  const writer = await mapWriter(run.kind, terminal, { ...options, watermark: watermark(options.data) })
  try {
    for (const { query, seeds } of queries) {
      const shown = await ask(server, { seeds, benign, name: `map ${query}` }, options, terminal)
      const unknown = shown.seeds.filter((seed) => !seed.known).map((seed) => seed.account)
      reportAnswer({ query, seeds, unknown, map: shown }, queries.length, terminal)
      await writer.query({ query, seeds, unknown, map: shown })
    }
    await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function ask(
  server: RunningServer,
  query: { seeds: readonly string[]; benign: readonly string[]; name: string },
  { reveal = false, limit }: Pick<MapOptions, 'reveal' | 'limit'>,
  terminal: Terminal,
): Promise<NetworkMap> {
  const progress = new ProgressLine(terminal)
  const { id } = await server.json<{ id: string }>('/v1/networks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  })
  const document = await waitFor(
    () => {
      progress.update('the server is mapping', 0, 1)
      return server.json<NetworkDocument>(`/v1/networks/${id}`)
    },
    (answer) => answer.status !== 'running',
  )
  progress.clear()
  if (!document.map)
    throw new FirebreakError('input/invalid', [document.error?.detail ?? 'the server could not map these seeds'])
  const within = <Row extends { member: boolean }>(rows: readonly Row[]) =>
    rows.filter((row, i) => row.member || i < limit)
  if (reveal) mayReveal(within(document.map.accounts).length)
  const told = reveal ? await server.json<NetworkDocument>(`/v1/networks/${id}?reveal=1&limit=${limit}`) : document
  note(terminal, `kept as network ${id} at ${server.url}`)
  const edges = (told.drawing?.edges ?? []).map((edge) => ({ ...edge, weight: edge.weight ?? 1, directed: false }))
  return { ...told.map!, accounts: within(told.map!.accounts), edges }
}
