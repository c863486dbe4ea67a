import type { NetworkMap } from '@firebreak/graph'
import { FirebreakError } from '@firebreak/kernel'
import { mayReveal } from '../access/reveal-limit.ts'
import type { NewNetwork } from '../networks/network-desk.ts'
import type { NetworkDocument } from '../networks/network-document.ts'
import { type RunningServer, waitFor } from './connection.ts'
import type { MapOptions } from './map.ts'
import type { LedgerRun } from './map-ledger.ts'
import { reportAnswer } from './map-report.ts'
import { mapWriter } from './map-writers.ts'
import { watermark } from './reveal.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

/** The same answers from the server that has the store open; each query becomes a network in its console. */
export async function mapThroughServer(run: LedgerRun, server: RunningServer, terminal: Terminal): Promise<void> {
  const { options, queries, benign } = run
  const writer = await mapWriter(run.kind, terminal, { ...options, watermark: watermark(options.data) })
  try {
    for (const { query, seeds } of queries) {
      const shown = await ask(server, queryOf(query, seeds, benign, options.directed), options, terminal)
      const unknown = unknownOf(shown, seeds)
      if (unknown.length === shown.seeds.length && queries.length === 1)
        throw new FirebreakError('input/no-seeds', [`the ${count(seeds.length)} given`])
      reportAnswer({ query, seeds, unknown, map: shown }, queries.length, terminal)
      await writer.query({ query, seeds, unknown, map: shown })
    }
    await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

const LONGEST_NAME = 120

function queryOf(query: string, seeds: readonly string[], benign: readonly string[], directed = false): NewNetwork {
  const name = `map ${query}`.slice(0, LONGEST_NAME).trim()
  return { seeds, benign, name, ...(directed ? { directed } : {}) }
}

/** As they were typed, so that they can be found and mended; the answer holds stand-ins, in the order asked. */
function unknownOf({ seeds: told }: NetworkMap, seeds: readonly string[]): string[] {
  const asked = [...new Set(seeds)]
  const inOrder = asked.length === told.length
  return told.flatMap(({ known, account }, i) => (known ? [] : [inOrder ? asked[i]! : account]))
}

async function ask(
  server: RunningServer,
  query: NewNetwork,
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
