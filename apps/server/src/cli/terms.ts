import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import { compileTerms, isMatchable, type TermEntry, type TermMatch, type TermMatcher } from '@firebreak/text'
import { z } from 'zod'
import { BadLines, linesOf } from './line-source.ts'
import { type RowOptions, type RowWriter, rowWriter } from './rows.ts'
import { count, note, type Terminal } from './terminal.ts'

export interface TermsOptions extends RowOptions {
  readonly terms: string
  readonly in?: string
  readonly fuzzy?: boolean
  readonly strict?: boolean
}

const termLine = z.strictObject({
  id: z.union([z.string().min(1), z.number()]).optional(),
  term: z.string(),
  boundary: z.enum(['word', 'none']).optional(),
  allow: z.array(z.string()).optional(),
  scripts: z.array(z.string()).optional(),
  fuzzy: z.boolean().optional(),
  reversed: z.boolean().optional(),
  hashtagAffix: z.boolean().optional(),
  surfaces: z.array(z.string()).optional(),
  action: z.string().optional(),
})

const textLine = z.looseObject({ id: z.union([z.string(), z.number()]), text: z.string() })

/** Columns, and their width on a terminal. */
const COLUMNS = [
  ['id', 12],
  ['term', 24],
  ['start', 6],
  ['end', 6],
  ['tier', 7],
  ['why', 0],
] as const

/** `firebreak terms`: a row for every place where a text holds a term of a list, in any disguise. */
export async function terms(options: TermsOptions, terminal: Terminal): Promise<void> {
  const input = options.in ?? '-'
  if (input === '-' && options.terms === '-')
    throw new FirebreakError('usage/option', ['--terms and --in cannot both be standard input'])
  const matcher = await compiled(options, terminal)
  if (input === '-' && process.stdin.isTTY) note(terminal, 'reading texts from standard input, one a line')
  const writer = await rowWriter(
    COLUMNS.map(([column]) => column),
    COLUMNS,
    options,
    terminal,
  )
  try {
    const told = await matchLines(input, matcher, options, writer, terminal)
    await writer.finish()
    note(terminal, `${count(told.texts)} texts, ${count(told.matches)} matches of ${count(matcher.size)} terms`)
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function compiled({ terms: path, strict }: TermsOptions, terminal: Terminal): Promise<TermMatcher> {
  const bad = new BadLines(path, (text) => note(terminal, text))
  const entries: TermEntry[] = []
  let lines = 0
  let isJson: boolean | undefined
  for await (const { number, text } of linesOf(path)) {
    const line = (number === 1 ? text?.replace(/^\ufeff/, '') : text)?.trim()
    if (line === '') continue
    lines++
    isJson ??= line?.startsWith('{') ?? false
    const entry = line === undefined ? 'not UTF-8' : isJson ? entryOf(line, number) : plainEntry(line, number)
    if (typeof entry === 'string') bad.reject(number, entry)
    else entries.push(entry)
  }
  bad.finish(lines, strict ?? false)
  if (entries.length === 0) throw new FirebreakError('input/format', [path, 'there is no term in it'])
  return compileTerms(entries)
}

function entryOf(line: string, number: number): TermEntry | string {
  const parsed = termLine.safeParse(parseJson(line))
  if (!parsed.success) return reasonOf(parsed.error)
  const { id, ...given } = parsed.data
  // Without undefined members: what a line leaves out keeps its default.
  const entry = JSON.parse(JSON.stringify({ ...given, id: String(id ?? number) })) as TermEntry
  return usable(entry)
}

const plainEntry = (term: string, number: number): TermEntry | string => usable({ id: String(number), term })

/** Why an entry cannot be matched, or the entry. */
function usable(entry: TermEntry): TermEntry | string {
  try {
    return isMatchable(entry) ? entry : 'holds no letter, digit, symbol or pictograph'
  } catch (error) {
    if (isFirebreakError(error)) return error.message
    throw error
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues
  if (!issue || issue.path.length === 0)
    return issue?.code === 'unrecognized_keys' ? issue.message : 'not a JSON object'
  return `${issue.path.join('.')}: ${issue.message}`
}

async function matchLines(
  input: string,
  matcher: TermMatcher,
  { fuzzy = false, strict = false }: TermsOptions,
  writer: RowWriter,
  terminal: Terminal,
): Promise<{ texts: number; matches: number }> {
  const bad = new BadLines(input === '-' ? 'standard input' : input, (text) => note(terminal, text))
  let [texts, lines, matches] = [0, 0, 0]
  let isJson: boolean | undefined
  for await (const { number, text: line } of linesOf(input)) {
    if (line?.trim() === '') continue
    lines++
    isJson ??= typeof parseJson(line ?? '') === 'object'
    const read = line === undefined ? 'not UTF-8' : isJson ? textOf(line) : { id: String(number), text: line }
    if (typeof read === 'string') {
      bad.reject(number, read)
      continue
    }
    texts++
    for (const match of matcher.find(read.text, { fuzzy })) {
      matches++
      await writeMatch(read.id, match, writer)
    }
    if (matcher.exhausted)
      note(terminal, `text ${read.id} is too dense with half-matches; disguises in it may be missed`)
  }
  bad.finish(lines, strict)
  return { texts, matches }
}

function textOf(line: string): { id: string; text: string } | string {
  const parsed = textLine.safeParse(parseJson(line))
  return parsed.success ? { id: String(parsed.data.id), text: parsed.data.text } : reasonOf(parsed.error)
}

async function writeMatch(id: string, { entry, start, end, tier, why }: TermMatch, writer: RowWriter): Promise<void> {
  await writer.row([id, entry.term, start, end, tier, why.join('+')], { id, term: entry.term, start, end, tier, why })
}
