import { isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { LineCount } from './bad-lines.ts'
import { forEachLine } from './lines.ts'
import { openBytes } from './open-bytes.ts'

/** One question to a loaded graph: who belongs to these seeds? */
export interface SeedQuery {
  readonly query: string
  readonly seeds: readonly string[]
}

export interface SeedFileReport<T> {
  readonly items: readonly T[]
  readonly bad: number
  readonly firstBad: readonly { line: number; reason: string }[]
}

/** Ids, one a line; blank lines and `#` comments do not count; doubles are read once, in order. */
export async function readIds(path: string): Promise<string[]> {
  const ids = new Set<string>()
  const name = basename(path)
  await forEachLine(openBytes(path), (buffer, start, end, line) => {
    const bytes = buffer.subarray(start, end)
    if (!isUtf8(bytes)) throw new FirebreakError('input/encoding', [name, `line ${line}`])
    const id = unquote(bytes.toString('utf8').trim())
    if (id !== '' && !id.startsWith('#')) ids.add(id)
  })
  return [...ids]
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}

/** Queries from JSON lines `{"query": …, "seeds": […]}`; bad lines are counted, more than 1 % of them throw. */
export async function readBatch(path: string, strict = false): Promise<SeedFileReport<SeedQuery>> {
  const count = new LineCount()
  const items: SeedQuery[] = []
  const names = new Set<string>()
  await forEachLine(openBytes(path), (buffer, start, end, line) => {
    const text = buffer.toString('utf8', start, end).trim()
    if (text === '') return
    count.total++
    const parsed = parseQuery(text)
    if (typeof parsed === 'string') return count.reject(line, parsed)
    if (names.has(parsed.query)) return count.reject(line, `query "${parsed.query}" was already asked`)
    names.add(parsed.query)
    items.push(parsed)
  })
  count.assertAcceptable(basename(path), strict)
  return { items, bad: count.bad, firstBad: count.firstBad }
}

function parseQuery(text: string): SeedQuery | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object'
  const { query, seeds } = value as { query?: unknown; seeds?: unknown }
  if (typeof query !== 'string' && typeof query !== 'number') return 'has no "query"'
  if (!Array.isArray(seeds) || seeds.length === 0) return 'has no "seeds"'
  if (!seeds.every((seed) => typeof seed === 'string' || typeof seed === 'number'))
    return 'has a seed that is not an id'
  return { query: String(query), seeds: [...new Set(seeds.map(String))] }
}
