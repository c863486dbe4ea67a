import { randomBytes } from 'node:crypto'
import type { NetworkMap, RankedAccount } from '@firebreak/graph'
import { networkPage, pseudonymous, pseudonymsFrom } from '@firebreak/networks'
import { csvRow } from './csv.ts'
import { type ResultSink, toFile, toTerminal } from './result-file.ts'
import { count, type Terminal } from './terminal.ts'

export type WriterKind = 'csv' | 'json' | 'html' | 'text'

export interface MapAnswer {
  readonly query: string
  readonly seeds: readonly string[]
  readonly unknown: readonly string[]
  readonly map: NetworkMap
}

/** Writes the answers of a run, one after the other, in one of the four forms. */
export interface MapWriter {
  query(answer: MapAnswer): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
}

export interface WriterOptions {
  readonly out?: string
  readonly reveal?: boolean
  /** A last line that says who made this, from what; ledger runs only. */
  readonly watermark?: string
}

const COLUMNS = ['query', 'rank', 'account', 'score', 'probability', 'member', 'role', 'evidence']

export async function mapWriter(kind: WriterKind, terminal: Terminal, options: WriterOptions): Promise<MapWriter> {
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (kind === 'csv') return csvWriter(sink, options)
  if (kind === 'json') return jsonWriter(sink, options)
  if (kind === 'html') return htmlWriter(sink, options)
  return textWriter(sink, terminal.out.columns ?? 100)
}

function csvWriter(sink: ResultSink, { watermark }: WriterOptions): MapWriter {
  let started = false
  const start = async (): Promise<void> => {
    if (!started) await sink.write(csvRow(COLUMNS))
    started = true
  }
  return {
    async query({ query, map }) {
      await start()
      await sink.write(map.accounts.map((account, index) => csvRow(cells(query, index + 1, account))).join(''))
    },
    async finish() {
      await start()
      if (watermark !== undefined) await sink.write(`# ${watermark}\n`)
      await sink.finish()
    },
    abandon: () => sink.abandon(),
  }
}

function cells(query: string, rank: number, account: RankedAccount): (string | number)[] {
  return [
    query,
    rank,
    account.account,
    Number(account.score.toPrecision(6)),
    Number(account.probability.toFixed(4)),
    account.member ? 1 : 0,
    account.role,
    account.sentence,
  ]
}

function jsonWriter(sink: ResultSink, { watermark }: WriterOptions): MapWriter {
  let queries = 0
  return {
    async query({ query, seeds, unknown, map }) {
      const { accounts, edges: _drawn, ...verdict } = map
      const rows = accounts.map((account, index) => ({
        rank: index + 1,
        ...account,
        evidence: account.sentence,
        paths: account.evidence,
      }))
      const item = {
        query,
        ...verdict,
        seedsGiven: seeds.length,
        unknownSeeds: unknown,
        accounts: rows.map(withoutSentence),
      }
      await sink.write(`${queries++ === 0 ? '{"queries":[' : ','}\n${JSON.stringify(item)}`)
    },
    async finish() {
      if (queries === 0) await sink.write('{"queries":[')
      await sink.write(`\n]${watermark === undefined ? '' : `,"watermark":${JSON.stringify(watermark)}`}}\n`)
      await sink.finish()
    },
    abandon: () => sink.abandon(),
  }
}

function withoutSentence<T extends { sentence: string }>({ sentence: _, ...row }: T): Omit<T, 'sentence'> {
  return row
}

/** Ids come from outside: what would steer a terminal is shown as a sign of its own. */
function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/** One page; pseudonyms are drawn anew for each page, so that two pages cannot be joined. */
function htmlWriter(sink: ResultSink, { reveal, watermark }: WriterOptions): MapWriter {
  return {
    async query({ map }) {
      const shown = reveal ? map : pseudonymous(map, pseudonymsFrom(randomBytes(32)))
      await sink.write(networkPage(shown, { pseudonymous: !reveal, ...(watermark === undefined ? {} : { watermark }) }))
    },
    finish: () => sink.finish(),
    abandon: () => sink.abandon(),
  }
}

const TEXT_ROWS = 40

function textWriter(sink: ResultSink, width: number): MapWriter {
  return {
    async query({ query, map }) {
      const rows = map.accounts.slice(0, TEXT_ROWS)
      const name = Math.max(7, ...rows.map((row) => row.account.length))
      await sink.write(
        `\n${query === '1' ? '' : `query ${query}\n`}rank  ${'account'.padEnd(name)}  prob  in   role       evidence\n`,
      )
      for (const [index, row] of rows.entries()) {
        const head = `${String(index + 1).padStart(4)}  ${readable(row.account).padEnd(name)}  ${row.probability.toFixed(2)}  ${row.member ? 'yes' : ' · '}  ${row.role.padEnd(9)}  `
        await sink.write(`${head}${readable(row.sentence).slice(0, Math.max(20, width - head.length))}\n`)
      }
      const more = map.accounts.length - rows.length
      if (more > 0) await sink.write(`      +${count(more)} more, ranked: write them with --out FILE.csv\n`)
    },
    finish: () => sink.finish(),
    abandon: () => sink.abandon(),
  }
}
