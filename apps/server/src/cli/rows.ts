import { FirebreakError } from '@firebreak/kernel'
import { csvRow } from './csv.ts'
import { type ResultSink, toFile, toTerminal } from './result-file.ts'
import type { Terminal } from './terminal.ts'

export interface RowOptions {
  readonly json?: boolean
  readonly out?: string
}

/** The rows of one command, one after the other: CSV when piped, columns of fixed width on a terminal, or JSON. */
export interface RowWriter {
  row(cells: readonly (string | number)[], whole: object): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
}

/** Which of the columns a terminal shows, in which order, and how wide; the last takes the rest. */
export type TerminalColumns = readonly (readonly [column: string, width: number])[]

export async function rowWriter(
  columns: readonly string[],
  shown: TerminalColumns,
  options: RowOptions,
  terminal: Terminal,
): Promise<RowWriter> {
  const kind = formOf(options, terminal)
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (kind === 'json') return jsonWriter(sink)
  const padded = (cells: readonly (string | number)[]) =>
    `${shown
      .map(([column, width]) => fitted(cells[columns.indexOf(column)] ?? '', width))
      .join('  ')
      .trimEnd()}\n`
  const line = kind === 'csv' ? csvRow : padded
  let started = false
  const start = async () => {
    if (!started) await sink.write(line(columns))
    started = true
  }
  return {
    async row(cells) {
      await start()
      await sink.write(line(cells))
    },
    async finish() {
      await start()
      await sink.finish()
    },
    abandon: () => sink.abandon(),
  }
}

function fitted(cell: string | number, width: number): string {
  const text = String(cell).replace(/[\r\n]+/g, ' ')
  return (width > 0 && text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width)
}

function formOf({ json, out }: RowOptions, terminal: Terminal): 'csv' | 'json' | 'text' {
  if (out !== undefined) {
    if (out.endsWith('.json')) return 'json'
    if (out.endsWith('.csv')) return 'csv'
    throw new FirebreakError('usage/option', [`--out ${out}: the name must end in .csv or .json`])
  }
  if (json) return 'json'
  return terminal.out.isTTY ? 'text' : 'csv'
}

function jsonWriter(sink: ResultSink): RowWriter {
  let rows = 0
  return {
    async row(_cells, whole) {
      await sink.write(`${rows++ === 0 ? '[' : ','}\n${JSON.stringify(whole)}`)
    },
    async finish() {
      await sink.write(rows === 0 ? '[]\n' : '\n]\n')
      await sink.finish()
    },
    abandon: () => sink.abandon(),
  }
}
