import { readFile } from 'node:fs/promises'
import { FirebreakError } from '@firebreak/kernel'
import { type ParityCase, PLACES, parityCases } from '../parity/cases.ts'
import { compareAnswers, type ParityAnswer, type ParityReport } from '../parity/compare.ts'
import { askOwnSurfaces } from '../parity/own-surfaces.ts'
import { askTarget, readTarget, type Target } from '../parity/target.ts'
import { runningServer } from './connection.ts'
import { csvRow } from './csv.ts'
import { toFile, toTerminal } from './result-file.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

export interface ParityOptions {
  readonly target?: string
  readonly terms?: string
  readonly parallel: number
  readonly json?: boolean
  readonly out?: string
  readonly data: string
}

const TIMEOUT_MS = 10_000
const SHOWN = 20

/** `firebreak parity`: the same term in every disguise, asked in every place. Exit code 1 where two answers differ. */
export async function parity(options: ParityOptions, terminal: Terminal): Promise<number> {
  const report = compareAnswers(await answersFor(options, terminal))
  tellOpenTerms(report, terminal)
  await write(report, options, terminal)
  for (const { place, term, disguise, expected, verdict } of report.rows.filter(({ same }) => !same).slice(0, SHOWN))
    note(terminal, `DIFFERENT: ${place}, term ${term + 1}, ${disguise}: expected ${expected}, got ${verdict}`)
  const { rows, different } = report
  note(
    terminal,
    `${count(rows.length - different)} of ${count(rows.length)} cases agree (${((1 - different / rows.length) * 100).toFixed(2)} %)`,
  )
  return different === 0 ? 0 : 1
}

/** A term that nothing withholds checks nothing; when that holds for all, the run was none. */
function tellOpenTerms({ places, rows }: ParityReport, terminal: Terminal): void {
  const terms = places[0]?.plain.length ?? 0
  const open = Array.from({ length: terms }, (_, term) => term).filter((term) =>
    places.every(({ plain }) => plain[term] === 'allow'),
  )
  if (rows.length === 0 || open.length === terms)
    throw new FirebreakError('usage/option', [
      'no term is withheld on any surface: nothing was checked; are they in force there?',
    ])
  for (const term of open) note(terminal, `term ${term + 1} is allowed everywhere: not in force?`)
}

async function answersFor(options: ParityOptions, terminal: Terminal): Promise<ParityAnswer[]> {
  if (options.target !== undefined)
    return ofTarget(readTarget(await textOf(options.target), options.target), options, terminal)
  const places = PLACES.map(({ name }) => name)
  const progress = new ProgressLine(terminal)
  if (options.terms !== undefined) {
    const server = await runningServer(options.data)
    if (!server) throw new FirebreakError('usage/option', [`no server has ${options.data} open; --terms needs one`])
    const cases = parityCases(termsIn(await textOf(options.terms)), places)
    const ask = (question: object) =>
      server.json<{ verdicts: { action: string }[] }>('/v1/verdicts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
      })
    return askOwnSurfaces(cases, ask, (done) => progress.update('asking', done, cases.length)).finally(() =>
      progress.clear(),
    )
  }
  note(terminal, 'asking a server of this build over a store in memory, with placeholder terms in force')
  const { openOwnServer, PLACEHOLDER_TERMS } = await import('../parity/own-server.ts')
  const cases = parityCases(PLACEHOLDER_TERMS, places)
  const own = await openOwnServer()
  try {
    return await askOwnSurfaces(cases, own.ask, (done) => progress.update('asking', done, cases.length))
  } finally {
    progress.clear()
    await own.close()
  }
}

/** A platform's own surfaces, a few questions at a time. */
async function ofTarget(target: Target, { parallel }: ParityOptions, terminal: Terminal): Promise<ParityAnswer[]> {
  const cases = parityCases(target.terms, Object.keys(target.surfaces))
  const progress = new ProgressLine(terminal)
  const answers: ParityAnswer[] = new Array(cases.length)
  let next = 0
  let done = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      const one = cases[i] as ParityCase
      answers[i] = { ...one, verdict: await askTarget(target.surfaces[one.place]!, one.text, TIMEOUT_MS) }
      progress.update(`asking ${target.name}`, ++done, cases.length)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, worker))
  progress.clear()
  return answers
}

async function write(report: ParityReport, options: ParityOptions, terminal: Terminal): Promise<void> {
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (options.json || options.out?.endsWith('.json')) await sink.write(`${JSON.stringify(report)}\n`)
  else if (options.out === undefined && terminal.out.isTTY) await sink.write(table(report))
  else {
    const rows = report.rows.map(({ place, term, disguise, expected, verdict, same }) =>
      csvRow([place, term + 1, disguise, expected, verdict, same ? 1 : 0]),
    )
    await sink.write([csvRow(['surface', 'term', 'variant', 'expected', 'verdict', 'same']), ...rows].join(''))
  }
  await sink.finish()
}

function table({ places }: ParityReport): string {
  const lines = places.map(
    ({ place, cases, different, plain }) =>
      `${place.padEnd(24)} ${String(cases).padStart(6)} ${String(different).padStart(10)}  ${[...new Set(plain)].join(', ')}`,
  )
  return `${'surface'.padEnd(24)} ${'cases'.padStart(6)} ${'different'.padStart(10)}  the plain term gets\n${lines.join('\n')}\n`
}

function termsIn(text: string): string[] {
  const terms = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (terms.length === 0) throw new FirebreakError('usage/option', ['--terms: no term in the file'])
  return terms
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new FirebreakError('input/file-missing', [path], { cause: error })
  }
}
