import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type ImportReport, importFile } from '@firebreak/intake'
import { FirebreakError, systemClock } from '@firebreak/kernel'
import { openStore } from '../instance/open-store.ts'
import { type RunningServer, runningServer, waitFor } from './connection.ts'
import { splitRelation } from './map.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

export interface ImportOptions {
  readonly data: string
  readonly strict?: boolean
  readonly json?: boolean
}

/** `firebreak import`: files into the ledger, through the running server if there is one. */
export async function importFiles(files: readonly string[], options: ImportOptions, terminal: Terminal): Promise<void> {
  const given = files.map(splitRelation)
  for (const { file } of given) await assertThere(file)
  const server = await runningServer(options.data)
  const reports = server ? await throughServer(server, given, terminal) : await intoStore(given, options, terminal)
  if (options.json) terminal.out.write(`${JSON.stringify({ files: reports })}\n`)
  else for (const report of reports) note(terminal, sentence(report))
  for (const { file, unknownRelations } of reports) noteUnknownRelations(file, unknownRelations, terminal)
}

async function intoStore(
  given: readonly { file: string; relation?: string }[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<ImportReport[]> {
  const store = await openStore({ dir: options.data, databaseUrl: process.env.DATABASE_URL, clock: systemClock })
  const progress = new ProgressLine(terminal)
  const reports: ImportReport[] = []
  try {
    for (const { file, relation } of given) {
      const report = await importFile({
        ledger: store.ledger,
        path: file,
        ...(relation === undefined ? {} : { relation }),
        by: { kind: 'system', id: 'cli' },
        edge: store.edge,
        strict: options.strict ?? false,
        onProgress: (done, total) => progress.update(`importing ${basename(file)}`, done, total),
      })
      progress.clear()
      reports.push(report)
    }
  } finally {
    progress.clear()
    await store.close()
  }
  return reports
}

interface ServerReport {
  readonly rows: number
  readonly accepted: number
  readonly duplicates?: number
  readonly bad: readonly { line: number; reason: string }[]
  readonly badTotal?: number
  readonly unknownRelations?: ImportReport['unknownRelations']
  readonly finished: boolean
  readonly error?: { readonly code: string; readonly detail: string }
}

async function throughServer(
  server: RunningServer,
  given: readonly { file: string; relation?: string }[],
  terminal: Terminal,
): Promise<ImportReport[]> {
  const reports: ImportReport[] = []
  for (const { file, relation } of given) {
    const query = new URLSearchParams({ name: basename(file), ...(relation === undefined ? {} : { relation }) })
    note(terminal, `sending ${file} to ${server.url}`)
    const { id } = await server.json<{ id: string }>(`/v1/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: await openAsBlob(file),
    })
    const state = await waitFor(
      () => server.json<ServerReport>(`/v1/imports/${id}`),
      (answer) => answer.finished,
    )
    if (state.error) throw new FirebreakError('input/format', [basename(file), state.error.detail])
    const bad = state.badTotal ?? state.bad.length
    reports.push({
      file: basename(file),
      rows: state.rows,
      accepted: state.accepted,
      duplicates: state.duplicates ?? 0,
      bad,
      firstBad: state.bad,
      unknownRelations: state.unknownRelations ?? [],
    })
  }
  return reports
}

/** A mistyped relation would otherwise become an edge kind of its own without a word. */
export function noteUnknownRelations(
  file: string,
  unknown: ImportReport['unknownRelations'],
  terminal: Terminal,
): void {
  for (const { name, rows } of unknown)
    note(
      terminal,
      `${file}: ${count(rows)} rows have the relation "${name}", which Firebreak knows nothing about; kept under that name (mistyped?)`,
    )
}

function sentence({ file, rows, accepted, duplicates, bad, firstBad }: ImportReport): string {
  const first = firstBad[0]
  const badPart = bad === 0 ? '' : `, ${count(bad)} bad (first: line ${first?.line} ${first?.reason})`
  return `${file}: ${count(rows)} rows, ${count(accepted)} accepted, ${count(duplicates)} already there${badPart}`
}

async function assertThere(file: string): Promise<void> {
  await stat(file).catch((error: unknown) => {
    throw new FirebreakError('input/file-missing', [file], { cause: error })
  })
}
