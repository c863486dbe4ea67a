import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { FirebreakError } from '@firebreak/kernel'
import { type Post, postOf, suggestVariants, type VariantSuggestion } from '@firebreak/text'
import { runningServer } from './connection.ts'
import { csvRow } from './csv.ts'
import { toFile, toTerminal } from './result-file.ts'
import { note, type Terminal } from './terminal.ts'

export interface VariantsOptions {
  readonly blocked: string
  readonly at: string
  readonly in?: string
  readonly limit: number
  readonly strict?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly data: string
}

const BAD_SHARE = 0.01

/** `firebreak variants`: what the accounts that used a term moved to after it was blocked, for a person to look at. */
export async function variants(options: VariantsOptions, terminal: Terminal): Promise<number> {
  const at = Date.parse(options.at)
  if (Number.isNaN(at)) throw new FirebreakError('usage/option', ['--at must be a time, such as 2026-05-01T00:00:00Z'])
  const found = options.in === undefined ? await fromServer(options, at) : await fromFile(options, at, terminal)
  if (found.length === 0) note(terminal, 'nothing to suggest: no account used the term before, or none moved')
  const sink = options.out === undefined ? toTerminal(terminal) : await toFile(options.out)
  if (options.json || options.out?.endsWith('.json')) await sink.write(`${JSON.stringify(found)}\n`)
  else {
    const rows = found.map(({ variant, score, evidence }, i) =>
      csvRow([i + 1, variant, score.toFixed(4), evidence.accounts, evidenceSentence(evidence)]),
    )
    await sink.write([csvRow(['rank', 'variant', 'score', 'accounts', 'evidence']), ...rows].join(''))
  }
  await sink.finish()
  return 0
}

/** Why a variant is suggested, in words. */
export function evidenceSentence({
  seeds,
  tookUp,
  before,
  after,
  others,
  spelling,
  firstAt,
}: VariantSuggestion['evidence']): string {
  const near = spelling >= 0.75 ? `; spelled like the term (${Math.round(spelling * 100)} %)` : ''
  return (
    `${tookUp} of ${seeds} accounts that used the term took this up after the block, first on ${new Date(firstAt).toISOString().slice(0, 10)}; ` +
    `${before} uses by them before, ${after} after; ${(others * 100).toFixed(2)} % of other accounts use it${near}`
  )
}

async function fromServer({ blocked, limit, data }: VariantsOptions, at: number): Promise<VariantSuggestion[]> {
  const server = await runningServer(data)
  if (!server)
    throw new FirebreakError('usage/option', [`no server has ${data} open; run "firebreak start", or give --in FILE`])
  const asked = await server.json<{ suggestions: VariantSuggestion[] }>('/v1/lexicon/variants', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ blocked, at: new Date(at).toISOString(), limit }),
  })
  return asked.suggestions
}

async function fromFile(options: VariantsOptions, at: number, terminal: Terminal): Promise<VariantSuggestion[]> {
  const posts = await postsIn(options.in!, options, terminal)
  return suggestVariants(posts, { blocked: options.blocked, at, limit: options.limit })
}

async function postsIn(path: string, { blocked, strict }: VariantsOptions, terminal: Terminal): Promise<Post[]> {
  const input = path === '-' ? process.stdin : createReadStream(await existing(path), 'utf8')
  const posts: Post[] = []
  let lines = 0
  let bad = 0
  let first = ''
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    lines++
    const read = readLine(line, blocked)
    if (typeof read !== 'string') {
      if (read !== null) posts.push(read)
      continue
    }
    bad++
    if (first === '') first = `line ${lines}: ${read}`
    if (bad <= 5) note(terminal, `skipped line ${lines}: ${read}`)
  }
  if (bad > 0 && (strict || bad > lines * BAD_SHARE))
    throw new FirebreakError('input/too-many-bad-lines', [path, bad, lines, strict ? '0' : '1 %', first])
  if (bad > 0) note(terminal, `${bad} of ${lines} lines skipped`)
  return posts
}

/** A post, null for an event that says nothing, or why the line cannot be used. */
function readLine(line: string, blocked: string): Post | null | string {
  try {
    return postOf(JSON.parse(line), blocked)
  } catch {
    return 'not JSON'
  }
}

async function existing(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch (error) {
    throw new FirebreakError('input/file-missing', [path], { cause: error })
  }
}
