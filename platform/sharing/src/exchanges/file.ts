import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hashFromHex, isHashKind, OPINION_CATEGORIES, type OpinionCategory } from '@firebreak/signals'
import { z } from 'zod'
import type { ExchangeAdapter, MalformedRecord, SourceRecord } from './adapter.ts'
import { ExchangeProblem } from './problem.ts'

const settingsSchema = z.strictObject({
  /** A file in the folder for lists: CSV with a header row, or NDJSON; decided by its first character. */
  file: z.string().regex(/^(?!\.)[\w .-]{1,200}$/),
  /** Who stands behind it; opinions are theirs. */
  owner: z.string().min(1).max(100).default('file'),
  batch: z.int().min(1).max(65_536).default(5_000),
})
const checkpointSchema = z.object({ size: z.number(), changed: z.number(), line: z.int() })

/**
 * One record: `type` (pdq, md5, sha1, sha256), `value` (hex), and optionally `id` (else the value itself), `category` (an opinion
 * word; default POSITIVE_CLASS), `expires` (ISO time), `tombstone` (1 or true: gone).
 */
const recordSchema = z.object({
  type: z
    .string()
    .transform((text) => text.toLowerCase())
    .refine(isHashKind),
  value: z.string(),
  id: z.string().max(300).optional(),
  category: z.enum(OPINION_CATEGORIES).optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  tombstone: z.union([z.boolean(), z.string(), z.number()]).optional(),
})

const LONGEST_LINE = 8192

/** Lists that arrive as files. A changed file is read from its beginning; what it no longer names stays until a tombstone says otherwise. */
export const fileAdapter: ExchangeAdapter = {
  kind: 'file',
  settings: settingsSchema,
  secrets: [],
  async *fetch(context, stored) {
    const { file, owner, batch } = settingsSchema.parse(context.settings)
    if (context.lists === undefined) throw new ExchangeProblem('settings', 'there is no folder for lists')
    const path = join(context.lists, file)
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw new ExchangeProblem('unreachable', 'the file cannot be opened')
    })
    const known = checkpointSchema.safeParse(stored).data
    const same = known !== undefined && known.size === size && known.changed === Math.floor(mtimeMs)
    const from = same ? known.line : 0
    const checkpoint = (line: number) => ({ size, changed: Math.floor(mtimeMs), line })
    let part = emptyPart()
    let line = 0
    let read: ((text: string) => unknown) | null = null
    for await (const text of createInterface({
      input: createReadStream(path, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      line++
      if (line === 1) {
        const plain = text.replace(/^\uFEFF/, '')
        read = plain.startsWith('{') ? (one) => JSON.parse(one) as unknown : csvReader(plain)
        if (!plain.startsWith('{')) continue
      }
      if (line <= from || text === '') continue
      take(part, text.replace(/^\uFEFF/, ''), read!, owner)
      if (part.count < batch) continue
      yield { ...part, checkpoint: checkpoint(line), caughtUp: false }
      part = emptyPart()
    }
    yield { ...part, checkpoint: checkpoint(Math.max(line, from)), caughtUp: true }
  },
}

interface Part {
  count: number
  readonly records: SourceRecord[]
  readonly malformed: MalformedRecord[]
  readonly unsupported: 0
}

function emptyPart(): Part {
  return { count: 0, records: [], malformed: [], unsupported: 0 }
}

function take(part: Part, text: string, read: (text: string) => unknown, owner: string): void {
  part.count++
  const bad = (reason: string) => part.malformed.push({ reason, record: text.slice(0, 4096) })
  if (text.length > LONGEST_LINE) return void bad('the line is too long')
  let given: unknown
  try {
    given = read(text)
  } catch {
    return void bad('the line cannot be read')
  }
  const record = recordSchema.safeParse(given)
  if (!record.success) return void bad(`${record.error.issues[0]?.path.join('.')} is not valid`)
  const { type: kind, value, id, category, expires, tombstone } = record.data
  const hash = isHashKind(kind) ? hashFromHex(kind, value) : null
  if (hash === null || !isHashKind(kind)) return void bad(`value is no ${kind}`)
  const sourceId = id ?? `${kind} ${value.toLowerCase()}`
  if (/^(?:1|true|yes)$/i.test(String(tombstone ?? '')))
    return void part.records.push({ sourceId: sourceId, withdrawn: true })
  const opinion: { owner: string; category: OpinionCategory } = { owner, category: category ?? 'POSITIVE_CLASS' }
  const expiry = expires === undefined ? {} : { expiresAt: Date.parse(expires) }
  part.records.push({ sourceId, hashes: [{ kind, hash }], opinions: [opinion], ...expiry })
}

/** Columns by their names in the header; hashes and times hold no commas, so quotes only need to be taken off. */
function csvReader(header: string): (text: string) => unknown {
  const cells = (text: string) => text.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const names = cells(header).map((name) => name.toLowerCase())
  if (!names.includes('type') || !names.includes('value'))
    throw new ExchangeProblem('settings', 'the header row needs the columns type and value')
  return (text) => {
    const given = cells(text)
    return Object.fromEntries(names.flatMap((name, i) => (given[i] ? [[name, given[i]] as const] : [])))
  }
}
