import type { Sql } from '../store/store.ts'
import type { VerifyResult } from '../types.ts'
import { asBuffer, GENESIS, linkOf, PositionsDigest } from './digest.ts'
import { fromHex, jsonRows, type Witness, witnesses, witnessKey } from './rows.ts'

const PAGE = 5_000

interface ChainRow {
  readonly seq: number
  readonly kind: number
  readonly digest: string
  readonly hash: string
  readonly gone_by: number | null
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
}

async function load(sql: Sql, from: number, last: number): Promise<Page | null> {
  if (from > last) return null
  const to = Math.min(last, from + PAGE - 1)
  const select = 'select seq, kind, digest, hash, gone_by from chain where seq >= $1 and seq <= $2 order by seq'
  const [rows, found] = await Promise.all([jsonRows<ChainRow>(sql, select, [from, to]), witnesses(sql, from, to)])
  return { to, rows, found }
}

/** Checks page after page, the next one loading meanwhile. */
async function walk(sql: Sql, last: number, progress: Progress): Promise<Break | null> {
  let next = load(sql, 1, last)
  for (let page = await next; page !== null; page = await next) {
    next = load(sql, page.to + 1, last)
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
    'select seq, gone_by from chain where seq = any($1::bigint[]) and gone_by > $2',
    [progress.doubts.map(({ brokenAt }) => brokenAt), progress.last],
  )
  const explained = new Set(rows.map(({ seq }) => seq))
  for (const { gone_by } of rows) progress.later.add(gone_by)
  progress.removed += rows.length
  const left = progress.doubts.find(({ brokenAt }) => !explained.has(brokenAt)) ?? null
  progress.doubts = []
  return left
}

function checkPage({ to, rows, found }: Page, progress: Progress): Break | null {
  for (const row of rows) {
    const problem = checkEntry(row, found, progress)
    if (problem !== null) return { brokenAt: Math.min(row.seq, progress.entries + 1), problem }
    progress.entries++
  }
  if (progress.entries !== to) return { brokenAt: progress.entries + 1, problem: 'entries are missing' }
  const extra = found.keys().next().value
  if (extra === undefined) return null
  return { brokenAt: Number(extra.split(':')[0]), problem: 'a row stands where the chain has another kind' }
}

function checkEntry(row: ChainRow, found: Map<string, Witness>, progress: Progress): string | null {
  const { seq, kind, gone_by } = row
  const digest = fromHex(row.digest)
  if (seq !== progress.entries + 1) return 'an entry is missing'
  if (digest.length !== 32) return 'its digest is not one'
  progress.hash = linkOf(progress.hash, seq, kind, digest)
  if (!progress.hash.equals(fromHex(row.hash))) return 'the hash does not continue the one before'
  const key = witnessKey(seq, kind)
  const witness = found.get(key)
  const present = found.delete(key)
  if (gone_by !== null) countRemoved(progress, seq, gone_by)
  else if (witness == null || !witness.equals(digest))
    progress.doubts.push({ brokenAt: seq, problem: rowProblem(present, witness) })
  return null
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
       union all select seq from document union all select seq from audit union all select seq from removal) every where seq > (select seq from ledger_head)`,
  )
  const seq = beyond.rows[0]?.seq ?? null
  return seq === null ? null : { brokenAt: seq, problem: 'a row stands beyond the end of the chain' }
}
