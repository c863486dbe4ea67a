import type { Sql } from '../store/store.ts'
import type { VerifyResult } from '../types.ts'
import { asBuffer, blockDigest, ENTRY_BYTES, GENESIS, linkOf, PositionsDigest, RUN } from './digest.ts'
import { fromHex, jsonRows, type Witness, witnesses, witnessKey } from './rows.ts'

const PAGE = 5_000

interface ChainRow {
  readonly seq: number
  readonly kind: number
  readonly digest: string
  readonly hash: string
  readonly first: number | null
  readonly digests: string | null
}

/** One row's place in the chain. */
interface Entry {
  readonly seq: number
  readonly kind: number
  readonly digest: Buffer
}

interface Progress {
  entries: number
  removed: number
  hash: Buffer
  readonly removals: Map<number, PositionsDigest>
  /** The last position when the check began; the ledger may grow, and rows may be removed, while it runs. */
  readonly last: number
  /** Removals from after the beginning that were met. */
  readonly later: Set<number>
  /** Rows that did not fit their entry; a removal that came between the two reads explains them. */
  doubts: Break[]
}

interface Break {
  readonly brokenAt: number
  readonly problem: string
}

/**
 * Recomputes the chain from its beginning. Each entry must continue the hash before it; its row must be there with the same digest,
 * unless a removal in the chain accounts for exactly this position; and no table may hold a row without an entry.
 */
export async function verifyChain(sql: Sql): Promise<VerifyResult> {
  const head = (await sql.query<{ seq: number; hash: Uint8Array }>('select seq, hash from ledger_head')).rows[0]!
  const progress: Progress = {
    entries: 0,
    removed: 0,
    hash: GENESIS,
    removals: new Map(),
    last: head.seq,
    later: new Set(),
    doubts: [],
  }
  const problem = (await walk(sql, head.seq, progress)) ?? (await finish(sql, head, progress))
  const { entries, removed } = progress
  return problem === null ? { ok: true, entries, removed } : { ok: false, entries, removed, ...problem }
}

interface Page {
  readonly to: number
  readonly rows: readonly ChainRow[]
  readonly found: Map<string, Witness>
  /** Removed positions of the page, and by which removal. */
  readonly gone: ReadonlyMap<number, number>
}

/** Whole entries after a position, about PAGE rows' worth; a run is never cut. */
const ENTRIES = `select seq, kind, digest, hash, first, digests from chain where seq > $1 and seq <= $2
  and seq <= greatest($1 + $3, (select min(seq) from chain where seq > $1)) order by seq`

async function load(sql: Sql, after: number, last: number): Promise<Page | null> {
  if (after >= last) return null
  const rows = await jsonRows<ChainRow>(sql, ENTRIES, [after, last, PAGE])
  const to = rows.at(-1)?.seq ?? last
  const [found, gone] = await Promise.all([
    witnesses(sql, after + 1, to),
    jsonRows<{ seq: number; by: number }>(sql, 'select seq, by from gone where seq > $1 and seq <= $2', [after, to]),
  ])
  return { to, rows, found, gone: new Map(gone.map(({ seq, by }) => [seq, by])) }
}

/** Checks page after page, the next one loading meanwhile. */
async function walk(sql: Sql, last: number, progress: Progress): Promise<Break | null> {
  let next = load(sql, 0, last)
  for (let page = await next; page !== null; page = await next) {
    next = load(sql, page.to, last)
    const problem = checkPage(page, progress) ?? (await settleDoubts(sql, progress))
    if (problem === null) continue
    await next.catch(() => null)
    return problem
  }
  return null
}

/** The first doubt that no removal from after the beginning explains. */
async function settleDoubts(sql: Sql, progress: Progress): Promise<Break | null> {
  if (progress.doubts.length === 0) return null
  const { rows } = await sql.query<{ seq: number; gone_by: number }>(
    'select seq, by as gone_by from gone where seq = any($1::bigint[]) and by > $2',
    [progress.doubts.map(({ brokenAt }) => brokenAt), progress.last],
  )
  const explained = new Set(rows.map(({ seq }) => seq))
  for (const { gone_by } of rows) progress.later.add(gone_by)
  progress.removed += rows.length
  const left = progress.doubts.find(({ brokenAt }) => !explained.has(brokenAt)) ?? null
  progress.doubts = []
  return left
}

function checkPage({ to, rows, found, gone }: Page, progress: Progress): Break | null {
  for (const row of rows) {
    const entries = entriesOf(row)
    const first = row.first ?? row.seq
    if (entries === null) return { brokenAt: Math.min(first, progress.entries + 1), problem: 'its digest is not one' }
    if (first !== progress.entries + 1)
      return { brokenAt: Math.min(first, progress.entries + 1), problem: 'an entry is missing' }
    progress.hash = linkOf(progress.hash, row.seq, row.kind, fromHex(row.digest))
    if (!progress.hash.equals(fromHex(row.hash)))
      return { brokenAt: first, problem: 'the hash does not continue the one before' }
    for (const entry of entries) checkEntry(entry, found, gone.get(entry.seq), progress)
  }
  if (progress.entries !== to) return { brokenAt: progress.entries + 1, problem: 'entries are missing' }
  const extra = found.keys().next().value
  if (extra === undefined) return null
  return { brokenAt: Number(extra.split(':')[0]), problem: 'a row stands where the chain has another kind' }
}

/** The rows that an entry stands for; null when it contradicts itself. */
function entriesOf({ seq, kind, digest, first, digests }: ChainRow): Entry[] | null {
  const own = fromHex(digest)
  if (own.length !== 32) return null
  if (kind !== RUN) return first === null && digests === null ? [{ seq, kind, digest: own }] : null
  if (first === null || digests === null || first > seq) return null
  const bytes = fromHex(digests)
  if (bytes.length !== (seq - first + 1) * ENTRY_BYTES || !blockDigest(first, bytes).equals(own)) return null
  return Array.from({ length: seq - first + 1 }, (_, i) => ({
    seq: first + i,
    kind: bytes.readUInt8(i * ENTRY_BYTES),
    digest: bytes.subarray(i * ENTRY_BYTES + 1, (i + 1) * ENTRY_BYTES),
  }))
}

function checkEntry(
  { seq, kind, digest }: Entry,
  found: Map<string, Witness>,
  goneBy: number | undefined,
  progress: Progress,
): void {
  const key = witnessKey(seq, kind)
  const witness = found.get(key)
  const present = found.delete(key)
  if (goneBy !== undefined) countRemoved(progress, seq, goneBy)
  else if (witness == null || !witness.equals(digest))
    progress.doubts.push({ brokenAt: seq, problem: rowProblem(present, witness) })
  progress.entries++
}

function countRemoved(progress: Progress, seq: number, by: number): void {
  progress.removed++
  if (by > progress.last) {
    progress.later.add(by)
    return
  }
  const removal = progress.removals.get(by) ?? new PositionsDigest()
  removal.add(seq)
  progress.removals.set(by, removal)
}

function rowProblem(present: boolean, witness: Witness | undefined): string {
  if (!present) return 'its row is missing, and no removal accounts for it'
  return witness === null ? 'its salt is missing, and no removal accounts for it' : 'its row was changed'
}

/** The end: the head must be the last entry, removals must cover exactly what is gone, and nothing may stand beyond the chain. */
async function finish(sql: Sql, head: { seq: number; hash: Uint8Array }, progress: Progress): Promise<Break | null> {
  if (!progress.hash.equals(asBuffer(head.hash)))
    return { brokenAt: head.seq, problem: 'the head is not the last entry' }
  const { rows } = await sql.query<{ seq: number; count: number; positions: Uint8Array }>(
    'select seq, count, positions from removal order by seq',
  )
  for (const { seq, count, positions } of rows) {
    progress.later.delete(seq)
    if (seq > head.seq) continue
    const gone = progress.removals.get(seq) ?? new PositionsDigest()
    progress.removals.delete(seq)
    if (gone.count !== count || !gone.digest().equals(asBuffer(positions)))
      return { brokenAt: seq, problem: 'other rows are gone than this removal covers' }
  }
  const unaccounted = progress.removals.keys().next().value ?? progress.later.keys().next().value
  if (unaccounted !== undefined) return { brokenAt: unaccounted, problem: 'rows claim a removal that does not exist' }
  const beyond = await sql.query<{ seq: number | null }>(
    `select max(seq) as seq from (select seq from chain union all select seq from event union all select seq from label
       union all select seq from document union all select seq from audit union all select seq from removal
       union all select seq from gone) every where seq > (select seq from ledger_head)`,
  )
  const seq = beyond.rows[0]?.seq ?? null
  return seq === null ? null : { brokenAt: seq, problem: 'a row stands beyond the end of the chain' }
}
