import { isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { LineCount } from './bad-lines.ts'
import { type Delimiter, detectDelimiter, Fields, hasQuote, splitBytes, splitText } from './delimited.ts'
import { KNOWN_RELATIONS } from './edge-events.ts'
import { forEachLine } from './lines.ts'
import { openBytes, type ReadProgress } from './open-bytes.ts'

/** Where edges go. Ids are interned once, so that a file of 30 M edges does not make 60 M strings. */
export interface EdgeSink {
  intern(id: string): number
  /** The same for UTF-8 bytes, where the sink can do without a string. */
  internBytes?(bytes: Uint8Array, start: number, end: number): number
  add(source: number, target: number, relation: string, weight: number, atMs: number | undefined): void
}

export interface EdgeFileOptions {
  /** Relation of rows that name none; a column `relation` in the file wins. */
  readonly relation?: string
  readonly strict?: boolean
  readonly onProgress?: ReadProgress
}

/** What was read: edges handed to the sink and the bad lines, counted. */
export interface EdgeFileReport {
  readonly file: string
  readonly edges: number
  readonly lines: number
  readonly bad: number
  readonly firstBad: readonly { line: number; reason: string }[]
  /** Relations that Firebreak knows nothing about, and how many rows name them: kept, but perhaps mistyped. */
  readonly unknownRelations: readonly RelationRows[]
}

/** How many rows named a relation. */
export interface RelationRows {
  readonly name: string
  readonly rows: number
}

const COLUMN_NAMES: Readonly<Record<string, keyof Columns>> = {
  source: 'source',
  src: 'source',
  from: 'source',
  follower: 'source',
  target: 'target',
  dst: 'target',
  to: 'target',
  followed: 'target',
  followee: 'target',
  relation: 'relation',
  type: 'relation',
  weight: 'weight',
  at: 'at',
  time: 'at',
  timestamp: 'at',
  date: 'at',
}

interface Columns {
  source: number
  target: number
  relation: number
  weight: number
  at: number
}

const DEFAULT_COLUMNS: Columns = { source: 0, target: 1, relation: 2, weight: 3, at: 4 }
const SAMPLE_LINES = 100

/**
 * Streams an edge list into a sink: CSV, TSV, semicolons or blanks, plain or gzip, `#` comments, optional header.
 * Columns are `source,target[,relation[,weight[,at]]]`, or in any order under a header that names them.
 * A bad line is counted with its reason; more than 1 % of them (any, if strict) throw `input/too-many-bad-lines`.
 */
export async function readEdges(path: string, sink: EdgeSink, options: EdgeFileOptions = {}): Promise<EdgeFileReport> {
  const name = basename(path)
  const parser = new EdgeParser(name, sink, options.relation ?? 'follow')
  const lines = await forEachLine(openBytes(path, options.onProgress), parser.onLine)
  parser.finish()
  parser.count.assertAcceptable(name, options.strict ?? false)
  const { bad, firstBad } = parser.count
  return { file: name, edges: parser.edges, lines, bad, firstBad, unknownRelations: parser.unknownRelations() }
}

/** Collects the first lines to learn the file's dialect, then parses every line by it. */
class EdgeParser {
  readonly count = new LineCount()
  edges = 0
  private waiting: { text: Buffer; line: number }[] | null = []
  private delimiter: Delimiter = ','
  private columns = DEFAULT_COLUMNS
  private readonly fields = new Fields()
  private readonly byNumber = new NumberIds()
  private readonly name: string
  private readonly sink: EdgeSink
  private readonly relation: string
  private readonly relations = new Map<string, string>()
  private readonly rows = new Map<string, { name: string; rows: number }>()
  private last: { name: string; rows: number } = { name: '', rows: 0 }

  constructor(name: string, sink: EdgeSink, relation: string) {
    this.name = name
    this.sink = sink
    this.relation = relation
  }

  readonly onLine = (buffer: Buffer, start: number, end: number, line: number): void => {
    if (isSkippable(buffer, start, end)) return
    if (this.waiting === null) return this.parse(buffer, start, end, line)
    this.waiting.push({ text: Buffer.from(buffer.subarray(start, end)), line })
    if (this.waiting.length >= SAMPLE_LINES) this.begin()
  }

  finish(): void {
    this.begin()
  }

  unknownRelations(): RelationRows[] {
    return [...this.rows.values()].filter(({ name, rows }) => rows > 0 && !KNOWN_RELATIONS.has(name))
  }

  private begin(): void {
    const waiting = this.waiting
    if (waiting === null) return
    this.waiting = null
    if (waiting.length === 0) return
    const sampled = waiting.map(({ text }) => text.toString('utf8'))
    const delimiter = detectDelimiter(sampled)
    if (delimiter === null) {
      throw new FirebreakError('input/columns', [
        this.name,
        'no line has two columns; expected source,target[,relation[,weight[,at]]]',
      ])
    }
    this.delimiter = delimiter
    const header = headerColumns(this.name, splitText(sampled[0]!, delimiter))
    if (header) this.columns = header
    for (const { text, line } of header ? waiting.slice(1) : waiting) this.parse(text, 0, text.length, line)
  }

  private parse(buffer: Buffer, start: number, end: number, line: number): void {
    this.count.total++
    if (hasQuote(buffer, start, end)) return this.parseQuoted(buffer, start, end, line)
    const { fields, columns } = this
    splitBytes(buffer, start, end, this.delimiter.charCodeAt(0), fields)
    const needed = Math.max(columns.source, columns.target)
    if (fields.count <= needed)
      return this.count.reject(line, `has ${fields.count} column${fields.count === 1 ? '' : 's'}, needs ${needed + 1}`)
    if (fields.count > 16) return this.count.reject(line, 'has more than 16 columns')
    const source = this.node(buffer, fields, columns.source)
    const target = this.node(buffer, fields, columns.target)
    if (source < 0 || target < 0)
      return this.count.reject(line, source === EMPTY || target === EMPTY ? 'has an empty id' : 'is not UTF-8')
    if (fields.count === 2) return this.accept(source, target, this.relation, 1, undefined)
    const text = (column: number): string =>
      column < fields.count ? buffer.toString('utf8', fields.starts[column], fields.ends[column]) : ''
    this.finishRow(source, target, text(columns.relation), text(columns.weight), text(columns.at), line)
  }

  private parseQuoted(buffer: Buffer, start: number, end: number, line: number): void {
    const bytes = buffer.subarray(start, end)
    if (!isUtf8(bytes)) return this.count.reject(line, 'is not UTF-8')
    const row = splitText(bytes.toString('utf8'), this.delimiter)
    if (row.length === 0) return this.count.reject(line, 'has a quote that is never closed')
    const { columns } = this
    const source = row[columns.source]
    const target = row[columns.target]
    if (source === undefined || target === undefined) return this.count.reject(line, `has ${row.length} columns`)
    if (source === '' || target === '') return this.count.reject(line, 'has an empty id')
    const text = (column: number): string => row[column] ?? ''
    const [from, to] = [this.sink.intern(source), this.sink.intern(target)]
    this.finishRow(from, to, text(columns.relation), text(columns.weight), text(columns.at), line)
  }

  private finishRow(source: number, target: number, relation: string, weight: string, at: string, line: number): void {
    const value = weight === '' ? 1 : Number(weight)
    if (!Number.isFinite(value) || value <= 0)
      return this.count.reject(line, `weight "${clip(weight)}" is not a positive number`)
    const atMs = at === '' ? undefined : parseTime(at)
    if (Number.isNaN(atMs))
      return this.count.reject(line, `time "${clip(at)}" is neither ISO 8601 nor seconds since 1970`)
    this.accept(source, target, relation === '' ? this.relation : this.relationName(relation), value, atMs)
  }

  private accept(source: number, target: number, relation: string, weight: number, atMs: number | undefined): void {
    this.sink.add(source, target, relation, weight, atMs)
    this.edges++
    if (this.last.name !== relation) this.last = this.rowsOf(relation)
    this.last.rows++
  }

  private rowsOf(relation: string): { name: string; rows: number } {
    const known = this.rows.get(relation) ?? { name: relation, rows: 0 }
    this.rows.set(relation, known)
    return known
  }

  private relationName(written: string): string {
    const known = this.relations.get(written)
    if (known !== undefined) return known
    const name = written.toLowerCase()
    this.relations.set(written, name)
    return name
  }

  private node(buffer: Buffer, fields: Fields, column: number): number {
    const start = fields.starts[column]!
    const end = fields.ends[column]!
    if (start === end) return EMPTY
    const number = decimal(buffer, start, end)
    if (number >= 0) return this.byNumber.get(number) ?? this.byNumber.set(number, this.sink.intern(String(number)))
    if (!isAscii(buffer, start, end) && !isUtf8(buffer.subarray(start, end))) return NOT_UTF8
    if (this.sink.internBytes) return this.sink.internBytes(buffer, start, end)
    return this.sink.intern(buffer.toString('utf8', start, end))
  }
}

const EMPTY = -1
const NOT_UTF8 = -2

/** Decimal ids below this use the table of node numbers (128 MiB at most); larger ones are interned as text. */
const NUMBER_LIMIT = 1 << 25

/** The value of a plain decimal id below the limit ("0", "17", not "017"), else -1. */
function decimal(buffer: Buffer, start: number, end: number): number {
  const length = end - start
  if (length > 8 || (length > 1 && buffer[start] === 0x30)) return -1
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = buffer[i]! - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value < NUMBER_LIMIT ? value : -1
}

/** Node numbers of decimal ids: an array look-up instead of a string and a hash for each end of each edge. */
class NumberIds {
  private nodes = new Int32Array(1 << 16)

  get(id: number): number | undefined {
    const stored = id < this.nodes.length ? this.nodes[id]! : 0
    return stored === 0 ? undefined : stored - 1
  }

  set(id: number, node: number): number {
    if (id >= this.nodes.length) {
      const grown = new Int32Array(Math.min(NUMBER_LIMIT, Math.max(id + 1, this.nodes.length * 2)))
      grown.set(this.nodes)
      this.nodes = grown
    }
    this.nodes[id] = node + 1
    return node
  }
}

/** A loop instead of node:buffer's own: no view is made per id. */
function isAscii(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i]! > 0x7f) return false
  return true
}

function isSkippable(buffer: Buffer, start: number, end: number): boolean {
  let i = start
  while (i < end && (buffer[i] === 0x20 || buffer[i] === 0x09)) i++
  return i === end || buffer[i] === 0x23
}

function headerColumns(file: string, row: readonly string[]): Columns | null {
  const names = row.map((cell) => COLUMN_NAMES[cell.trim().toLowerCase()])
  if (!names.some((name) => name !== undefined)) return null
  const column = (name: keyof Columns): number => names.indexOf(name)
  if (column('source') < 0 || column('target') < 0) {
    const missing = column('source') < 0 ? 'source' : 'target'
    throw new FirebreakError('input/columns', [file, `the header "${clip(row.join(','))}" names no ${missing} column`])
  }
  const orNone = (name: keyof Columns): number => (column(name) < 0 ? Number.MAX_SAFE_INTEGER : column(name))
  return {
    source: column('source'),
    target: column('target'),
    relation: orNone('relation'),
    weight: orNone('weight'),
    at: orNone('at'),
  }
}

function parseTime(text: string): number {
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (/^\d{12,13}$/.test(text)) return Number(text)
  return /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
