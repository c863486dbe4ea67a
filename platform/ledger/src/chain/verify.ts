import type { Sql } from '../store/store.ts'
import type { VerifyResult } from '../types.ts'
import { asBuffer, GENESIS, linkOf, PositionsDigest } from './digest.ts'
import { type Witness, witnesses, witnessKey } from './rows.ts'

const PAGE = 5_000

interface ChainRow {
  readonly seq: number
  readonly kind: number
  readonly digest: Uint8Array
  readonly hash: Uint8Array
  readonly gone_by: number | null
}

interface Progress {
  entries: number
  removed: number
  hash: Buffer
  readonly removals: Map<number, PositionsDigest>
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
  const progress: Progress = { entries: 0, removed: 0, hash: GENESIS, removals: new Map() }
  const problem = (await walk(sql, head.seq, progress)) ?? (await finish(sql, head, progress))
  const { entries, removed } = progress
  return problem === null ? { ok: true, entries, removed } : { ok: false, entries, removed, ...problem }
}

async function walk(sql: Sql, last: number, progress: Progress): Promise<Break | null> {
  for (let from = 1; from <= last; from += PAGE) {
    const to = Math.min(last, from + PAGE - 1)
    const { rows } = await sql.query<ChainRow>(
      'select seq, kind, digest, hash, gone_by from chain where seq >= $1 and seq <= $2 order by seq',
      [from, to],
    )
    const found = await witnesses(sql, from, to)
    for (const row of rows) {
      const problem = checkEntry(row, found, progress)
      if (problem !== null) return { brokenAt: Math.min(row.seq, progress.entries + 1), problem }
      progress.entries++
    }
    if (progress.entries !== to) return { brokenAt: progress.entries + 1, problem: 'entries are missing' }
    const extra = found.keys().next().value
    if (extra !== undefined)
      return { brokenAt: Number(extra.split(':')[0]), problem: 'a row stands where the chain has another kind' }
  }
  return null
}

function checkEntry(row: ChainRow, found: Map<string, Witness>, progress: Progress): string | null {
  const { seq, kind, digest, hash, gone_by } = row
  if (seq !== progress.entries + 1) return 'an entry is missing'
  progress.hash = linkOf(progress.hash, seq, kind, digest)
  if (!progress.hash.equals(hash)) return 'the hash does not continue the one before'
  const key = witnessKey(seq, kind)
  const witness = found.get(key)
  const present = found.delete(key)
  if (gone_by !== null) {
    const removal = progress.removals.get(gone_by) ?? new PositionsDigest()
    removal.add(seq)
    progress.removals.set(gone_by, removal)
    progress.removed++
    return null
  }
  if (!present) return 'its row is missing, and no removal accounts for it'
  if (witness === null) return 'its salt is missing, and no removal accounts for it'
  return witness!.equals(digest) ? null : 'its row was changed'
}

/** The end: the head must be the last entry, removals must cover exactly what is gone, and nothing may stand beyond the chain. */
async function finish(sql: Sql, head: { seq: number; hash: Uint8Array }, progress: Progress): Promise<Break | null> {
  if (!progress.hash.equals(asBuffer(head.hash)))
    return { brokenAt: head.seq, problem: 'the head is not the last entry' }
  const { rows } = await sql.query<{ seq: number; count: number; positions: Uint8Array }>(
    'select seq, count, positions from removal order by seq',
  )
  for (const { seq, count, positions } of rows) {
    const gone = progress.removals.get(seq) ?? new PositionsDigest()
    progress.removals.delete(seq)
    if (gone.count !== count || !gone.digest().equals(asBuffer(positions)))
      return { brokenAt: seq, problem: 'other rows are gone than this removal covers' }
  }
  const unaccounted = progress.removals.keys().next().value
  if (unaccounted !== undefined) return { brokenAt: unaccounted, problem: 'rows claim a removal that does not exist' }
  const beyond = await sql.query<{ seq: number | null }>(
    `select max(seq) as seq from (select seq from chain union all select seq from event union all select seq from label
       union all select seq from document union all select seq from audit union all select seq from removal) every where seq > $1`,
    [head.seq],
  )
  const seq = beyond.rows[0]?.seq ?? null
  return seq === null ? null : { brokenAt: seq, problem: 'a row stands beyond the end of the chain' }
}
