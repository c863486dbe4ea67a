import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { FirebreakError } from '@firebreak/kernel'
import { canonicalUrl, findLinks } from '@firebreak/text'
import { csvRow } from './csv.ts'
import { toFile, toTerminal } from './result-file.ts'
import { note, type Terminal } from './terminal.ts'

export interface CanonicalOptions {
  readonly json?: boolean
  readonly out?: string
}

/**
 * `firebreak urls canonical URL…`: one row for each, in the order given; what has no host keeps an empty cell and makes the
 * exit code 2.
 */
export async function canonical(
  urls: readonly string[],
  options: CanonicalOptions,
  terminal: Terminal,
): Promise<number> {
  const rows = urls.map((url) => ({ url, canonical: canonicalUrl(url) }))
  const bad = rows.filter((row) => row.canonical === null)
  for (const { url } of bad) note(terminal, `firebreak: no URL with a host: ${JSON.stringify(url)} [input/invalid]`)
  await write(rows, ['url', 'canonical'], (row) => [row.url, row.canonical ?? ''], options, terminal)
  return bad.length === 0 ? 0 : 2
}

export interface FindOptions extends CanonicalOptions {
  readonly in?: string
}

/** `firebreak urls find`: every link in the lines of a file or of standard input, through its disguises. */
export async function find(options: FindOptions, terminal: Terminal): Promise<number> {
  const lines = (await textIn(options.in ?? '-')).split(/\r?\n/)
  const rows = lines.flatMap((line, i) => idAndText(line, i + 1).flatMap(linkRows))
  await write(
    rows,
    ['id', 'url', 'host', 'registrable', 'looksLike', 'start', 'end', 'disguises'],
    (row) => [
      row.id,
      row.url,
      row.host,
      row.registrable,
      row.looksLike ?? '',
      row.start,
      row.end,
      row.disguises.join(' '),
    ],
    options,
    terminal,
  )
  return 0
}

function linkRows({ id, text }: { id: string; text: string }) {
  return findLinks(text).map(({ url, host, registrable, looksLike, start, end, disguises, through }) => ({
    id,
    url,
    host,
    registrable,
    looksLike,
    start,
    end,
    disguises,
    through,
  }))
}

/** A line is a text, or `{"id","text"}`. */
function idAndText(line: string, number: number): { id: string; text: string }[] {
  if (line === '') return []
  if (line.startsWith('{')) {
    try {
      const { id, text } = JSON.parse(line) as { id?: unknown; text?: unknown }
      if (typeof text === 'string') return [{ id: String(id ?? number), text }]
    } catch {
      // Not JSON after all: a text that begins with a brace.
    }
  }
  return [{ id: String(number), text: line }]
}

async function write<Row>(
  rows: readonly Row[],
  header: readonly string[],
  cells: (row: Row) => readonly (string | number)[],
  { json, out }: CanonicalOptions,
  terminal: Terminal,
): Promise<void> {
  const sink = out === undefined ? toTerminal(terminal) : await toFile(out)
  const asJson = json || out?.endsWith('.json')
  await sink.write(
    asJson ? `${JSON.stringify(rows)}\n` : [csvRow(header), ...rows.map((row) => csvRow(cells(row)))].join(''),
  )
  await sink.finish()
}

async function textIn(path: string): Promise<string> {
  if (path === '-') return textOf(process.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new FirebreakError('input/file-missing', [path], { cause: error })
  }
}
