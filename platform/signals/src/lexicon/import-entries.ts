import { type CheckedEntry, type EntryKind, entrySchema, type NewEntry } from './entry.ts'

/** Formats that lists come in. `auto` looks at the text. */
export const IMPORT_FORMATS = ['auto', 'lines', 'csv', 'jsonl', 'coop', 'hma'] as const
/** One of `IMPORT_FORMATS`. */
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** What could be read, and what could not and why; nothing is left out in silence. */
export interface ImportedEntries {
  readonly format: Exclude<ImportFormat, 'auto'>
  readonly entries: readonly CheckedEntry[]
  readonly bad: readonly { readonly place: string; readonly reason: string }[]
}

/**
 * Reads a list: lines of terms; CSV with a header (`text` or `term`, `kind`, `list`, `action`, `boundary`, `allow` split by `|`,
 * `expiresAt`); JSON Lines of entries; a Coop text bank (`{name, type: STRING|REGEX, strings}`, one or many, alone or as its GraphQL
 * answer); HMA bank content (`{signal_type: raw_text|url|trend_query, signal}` rows or per-bank lists). `list` names entries that
 * bring no list of their own. Pure; linear.
 */
export function importEntries(text: string, format: ImportFormat, list: string): ImportedEntries {
  const plain = text.replace(/^\ufeff/, '')
  const known = format === 'auto' ? formatOf(plain) : format
  const drafts = DRAFTS[known](plain, list)
  const entries: CheckedEntry[] = []
  const bad: { place: string; reason: string }[] = []
  for (const { place, draft } of drafts) {
    if (typeof draft === 'string') {
      bad.push({ place, reason: draft })
      continue
    }
    const read = entrySchema.safeParse({ list, ...draft })
    if (read.success) entries.push(read.data)
    else
      bad.push({
        place,
        reason: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      })
  }
  return { format: known, entries, bad }
}

interface Draft {
  readonly place: string
  /** An entry to be checked, or why there is none. */
  readonly draft: NewEntry | string
}

const DRAFTS: Readonly<Record<Exclude<ImportFormat, 'auto'>, (text: string, list: string) => Draft[]>> = {
  lines: (text) => linesOf(text).map(([place, line]) => ({ place, draft: { text: line.trim() } })),
  csv: csvDrafts,
  jsonl: (text) => linesOf(text).map(([place, line]) => ({ place, draft: fromJson(line) })),
  coop: coopDrafts,
  hma: hmaDrafts,
}

function formatOf(text: string): Exclude<ImportFormat, 'auto'> {
  const start = text.trimStart()
  if (start.startsWith('{') || start.startsWith('[')) {
    if (/"strings"\s*:/.test(start)) return 'coop'
    if (/"signal_type"\s*:|"raw_text"\s*:|"trend_query"\s*:/.test(start)) return 'hma'
    return 'jsonl'
  }
  return /^(?:"?[a-z]+"?,)*"?(?:text|term)"?(?:,|\r?\n)/i.test(start) ? 'csv' : 'lines'
}

function linesOf(text: string): [place: string, line: string][] {
  return text
    .split(/\r?\n/)
    .map((line, i): [string, string] => [`line ${i + 1}`, line])
    .filter(([, line]) => line.trim() !== '' && !line.startsWith('# '))
}

function fromJson(line: string): NewEntry | string {
  try {
    const { term, text, ...rest } = JSON.parse(line) as { term?: string; text?: string } & Record<string, unknown>
    return withOptions({ text: text ?? term, ...rest })
  } catch {
    return 'not JSON'
  }
}

const TOP_LEVEL: ReadonlySet<string> = new Set(['text', 'kind', 'list', 'options', 'expiresAt'])

/** Options may stand beside the text, as the terms file of the command line has them. */
function withOptions(given: Readonly<Record<string, unknown>>): NewEntry {
  const { id: _own, options = {}, ...rest } = given
  const top = Object.fromEntries(Object.entries(rest).filter(([key]) => TOP_LEVEL.has(key)))
  const beside = Object.fromEntries(Object.entries(rest).filter(([key]) => !TOP_LEVEL.has(key)))
  return { ...top, options: { ...beside, ...(options as object) } } as NewEntry
}

function csvDrafts(text: string): Draft[] {
  const [header, ...rows] = csvRows(text)
  if (!header) return []
  const names = header.map((name) => name.trim())
  return rows.map((cells, i) => ({ place: `row ${i + 2}`, draft: fromCells(names, cells) }))
}

function fromCells(names: readonly string[], cells: readonly string[]): NewEntry | string {
  if (cells.length !== names.length) return `${cells.length} cells for ${names.length} columns`
  const given: Record<string, unknown> = {}
  for (const [i, name] of names.entries()) {
    const cell = cells[i]!.trim()
    if (cell === '') continue
    if (name === 'term' || name === 'text') given.text = cell
    else if (name === 'allow' || name === 'scripts' || name === 'surfaces') given[name] = cell.split('|')
    else given[name] = cell === 'true' ? true : cell === 'false' ? false : cell
  }
  return withOptions(given)
}

/** RFC 4180. */
function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    if (end === '') break
  }
  return rows
}

interface CoopBank {
  readonly name?: string
  readonly type?: string
  readonly strings?: unknown
}

function coopDrafts(text: string, list: string): Draft[] {
  const banks = coopBanks(parsed(text))
  return banks.flatMap(({ name, type, strings }, b) => {
    const place = name ?? `bank ${b + 1}`
    if (!Array.isArray(strings)) return [{ place, draft: 'a text bank without "strings"' }]
    const kind: EntryKind = type === 'REGEX' ? 'expression' : 'term'
    return strings.map((one, i) => ({
      place: `${place}, string ${i + 1}`,
      draft: typeof one === 'string' ? { text: one, kind, list: listName(name) ?? list } : 'not a string',
    }))
  })
}

function coopBanks(value: unknown): CoopBank[] {
  if (Array.isArray(value)) return value.flatMap(coopBanks)
  if (typeof value !== 'object' || value === null) return []
  if ('strings' in value) return [value]
  return Object.values(value).flatMap(coopBanks)
}

/** HMA's and ThreatExchange's signal types for text, by what they are here. A trend query's words in `and`/`or` become entries. */
const HMA_KINDS: Readonly<Record<string, EntryKind>> = {
  raw_text: 'term',
  text: 'term',
  url: 'url',
  trend_query: 'expression',
}

function hmaDrafts(text: string, list: string): Draft[] {
  const rows =
    text.trimStart().startsWith('[') || !text.includes('\n{')
      ? [parsed(text)]
      : linesOf(text).map(([, line]) => parsed(line))
  return rows.flatMap((row) =>
    hmaSignals(row, listName((row as { bank?: { name?: string } } | null)?.bank?.name) ?? list),
  )
}

function hmaSignals(value: unknown, list: string, place = 'entry'): Draft[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => hmaSignals(one, list, `entry ${i + 1}`))
  if (typeof value !== 'object' || value === null) return [{ place, draft: 'not an object' }]
  const {
    signal_type,
    signal_value,
    signal = signal_value,
    signals,
    content,
    bank,
    ...rest
  } = value as Record<string, unknown>
  const named = listName((bank as { name?: string } | undefined)?.name) ?? list
  if (typeof signal_type === 'string') return [{ place, draft: hmaEntry(signal_type, signal, named) }]
  const inner = signals ?? content
  if (inner !== undefined) return hmaSignals(inner, named, place)
  const byType = Object.entries(rest).filter(([type]) => type in HMA_KINDS)
  if (byType.length === 0) return [{ place, draft: 'no text signal in it' }]
  return byType.flatMap(([type, given]) =>
    [given].flat().map((one) => ({ place: `${place}, ${type}`, draft: hmaEntry(type, one, named) })),
  )
}

function hmaEntry(type: string, signal: unknown, list: string): NewEntry | string {
  const kind = HMA_KINDS[type]
  if (kind === undefined) return `signal type ${type} is not text`
  if (typeof signal !== 'string') return 'no signal'
  if (type !== 'trend_query') return { text: signal, kind, list }
  const words = trendWords(signal)
  return words === null ? 'a trend query that is not JSON' : { text: words, kind, list }
}

/** A trend query's `or` alternatives as one expression; conditions that must hold together are more than one expression can say. */
function trendWords(signal: string): string | null {
  const query = parsed(signal) as { and?: string[][]; or?: string[] } | null
  const words = query?.or ?? (query?.and?.length === 1 ? query.and[0] : undefined)
  return Array.isArray(words) && words.length > 0 ? words.map(String).join('|') : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function listName(name: string | undefined): string | null {
  const plain = name
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
  return plain === undefined || plain === '' ? null : plain
}
