import { existsSync } from 'node:fs'
import { type Graph, GraphBuilder, mapNetwork } from '@firebreak/graph'
import { type EdgeFileReport, readBatch, readEdges, readIds, type SeedQuery } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { noteUnknownRelations } from './import.ts'
import { reportAnswer } from './map-report.ts'
import { type MapWriter, mapWriter, type WriterKind } from './map-writers.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

export interface MapOptions {
  readonly edges: readonly string[]
  readonly seeds?: string
  readonly batch?: string
  readonly benign?: string
  readonly directed?: boolean
  readonly limit: number
  readonly reveal?: boolean
  readonly strict?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly data: string
}

/** `firebreak map`: one or many seed queries over edge files, or over the ledger when no file is given. */
export async function map(options: MapOptions, terminal: Terminal): Promise<void> {
  const kind = outputKind(options, terminal)
  const queries = await readQueries(options, terminal)
  const benign = options.benign === undefined ? [] : await readIds(options.benign)
  if (options.edges.length === 0) {
    const { mapFromLedger } = await import('./map-ledger.ts')
    return mapFromLedger({ options, kind, queries, benign }, terminal)
  }
  const graph = await loadGraph(options, terminal)
  const writer = await mapWriter(kind, terminal, { ...options })
  try {
    await answer(graph, queries, benign, options, writer, terminal)
    await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function answer(
  graph: Graph,
  queries: readonly SeedQuery[],
  benign: readonly string[],
  options: MapOptions,
  writer: MapWriter,
  terminal: Terminal,
): Promise<void> {
  const progress = new ProgressLine(terminal)
  for (const [index, { query, seeds }] of queries.entries()) {
    const unknown = seeds.filter((seed) => graph.nodeOf(seed) < 0)
    if (unknown.length === seeds.length && queries.length === 1) {
      throw new FirebreakError('input/no-seeds', [`the ${count(seeds.length)} given`])
    }
    const found = mapNetwork(graph, { seeds, benign, directed: options.directed ?? false }, { limit: options.limit })
    progress.update(`query ${count(index + 1)} of ${count(queries.length)}`, index + 1, queries.length)
    progress.clear()
    const answer = { query, seeds, unknown, map: found }
    reportAnswer(answer, queries.length, terminal)
    await writer.query(answer)
  }
  progress.clear()
}

function outputKind(options: MapOptions, terminal: Terminal): WriterKind {
  if ((options.seeds === undefined) === (options.batch === undefined)) {
    throw new FirebreakError('usage/option', ['give either --seeds FILE or --batch FILE.jsonl'])
  }
  const extension = options.out?.match(/\.(csv|json|html)$/)?.[1] as WriterKind | undefined
  if (options.out !== undefined && extension === undefined) {
    throw new FirebreakError('usage/option', [`--out ${options.out}: the name must end in .csv, .json or .html`])
  }
  if (extension === 'html' && options.batch !== undefined) {
    throw new FirebreakError('usage/option', ['--out FILE.html shows one network: use --seeds, not --batch'])
  }
  if (extension !== undefined) return extension
  if (options.json) return 'json'
  return terminal.out.isTTY ? 'text' : 'csv'
}

async function readQueries(options: MapOptions, terminal: Terminal): Promise<readonly SeedQuery[]> {
  if (options.batch !== undefined) {
    const { items, bad, firstBad } = await readBatch(options.batch, options.strict)
    if (bad > 0)
      note(
        terminal,
        `${options.batch}: ${count(bad)} bad lines skipped; first: line ${firstBad[0]!.line} ${firstBad[0]!.reason}`,
      )
    return items
  }
  const seeds = await readIds(options.seeds!)
  if (seeds.length === 0)
    throw new FirebreakError('input/format', [options.seeds, 'holds no seed; write one account id a line'])
  return [{ query: '1', seeds }]
}

async function loadGraph(options: MapOptions, terminal: Terminal): Promise<Graph> {
  const progress = new ProgressLine(terminal)
  const builder = new GraphBuilder()
  for (const given of options.edges) {
    const { file, relation } = splitRelation(given)
    const report = await readEdges(
      file,
      {
        intern: (id) => builder.intern(id),
        internBytes: (bytes, start, end) => builder.internBytes(bytes, start, end),
        add: (source, target, name, weight, at) => builder.addInterned(source, target, name, weight, at),
      },
      {
        ...(relation === undefined ? {} : { relation }),
        strict: options.strict ?? false,
        onProgress: (done, total) => progress.update(`reading ${file}`, done, total),
      },
    )
    progress.clear()
    reportFile(report, terminal)
    noteUnknownRelations(report.file, report.unknownRelations, terminal)
  }
  progress.update('building the graph', 1, 1)
  const graph = builder.finish()
  progress.clear()
  if (graph.nodeCount === 0)
    throw new FirebreakError('input/columns', [
      options.edges.join(', '),
      'no row is an edge; expected source,target[,relation[,weight[,at]]] in each row, under a header or without',
    ])
  note(
    terminal,
    `${count(graph.nodeCount)} nodes, ${count(graph.edgeCount)} edges${graph.selfLoops > 0 ? `, ${count(graph.selfLoops)} self-loops dropped` : ''}`,
  )
  return graph
}

function reportFile(report: EdgeFileReport, terminal: Terminal): void {
  if (report.bad === 0) return
  const first = report.firstBad[0]!
  note(terminal, `${report.file}: ${count(report.bad)} bad lines skipped; first: line ${first.line} ${first.reason}`)
}

/** `FILE[:relation]`; a file whose own name holds a colon is taken as it is. */
export function splitRelation(given: string): { file: string; relation?: string } {
  const colon = given.lastIndexOf(':')
  if (colon <= 0 || existsSync(given) || /[/\\]/.test(given.slice(colon + 1))) return { file: given }
  return { file: given.slice(0, colon), relation: given.slice(colon + 1).toLowerCase() }
}
