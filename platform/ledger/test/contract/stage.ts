import type { EVENT_TYPES, EventInput, Ledger, Principal, StoredEvent } from '@firebreak/ledger'
import { sql } from 'kysely'

export const BY: Principal = { kind: 'system', id: 'contract' }

export interface OpenOptions {
  readonly clock: () => number
}

/** What a store must offer to be put through the contract. */
export interface StoreUnderTest {
  /** An empty store. */
  open(options: OpenOptions): Promise<Ledger>
  /** Another handle on the store opened last, as a second process would have; absent where only one process may. */
  again?(options: OpenOptions): Promise<Ledger>
}

/** One open store, shared by the tests of a suite, and a clock that they may set. */
export interface Stage {
  ledger: Ledger
  now: number
  again: (() => Promise<Ledger>) | undefined
}

export const account = (id: string) => ({ type: 'account', id })
export const content = (id: string) => ({ type: 'content', id })
export const iso = (ms: number) => new Date(ms).toISOString()
/** The beginning of every story told to the ledger: a month before the clock. */
export const STORY = Date.parse('2026-05-01T00:00:00Z')

export function follow(id: string, source: string, target: string, at: number = STORY): EventInput {
  return { id, type: 'follow', at: iso(at), actor: account(source), subject: account(target) }
}

export function erase(id: string): EventInput {
  return { id: `erase-${id}`, type: 'subject.erased', at: iso(STORY), actor: account(id), subject: account(id) }
}

export async function allEvents(ledger: Ledger, afterSeq = 0): Promise<StoredEvent[]> {
  const found: StoredEvent[] = []
  for (let after = afterSeq; ; after = found.at(-1)!.seq) {
    const page = await ledger.events({ afterSeq: after, limit: 5_000 })
    if (page.length === 0) return found
    found.push(...page)
  }
}

/** Every row of every table as text, bytes as hex. */
export async function dump(ledger: Ledger): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' order by table_name`.execute(ledger.db)
  const tables = new Map<string, string>()
  for (const { name } of rows) {
    const text = await sql<{ text: string | null }>`select string_agg(t::text, chr(10)) as text
      from ${sql.table(name)} t`.execute(ledger.db)
    tables.set(name, text.rows[0]?.text ?? '')
  }
  return tables
}

/** The tables that hold a string, as written or as bytes. */
export function tablesWith(tables: ReadonlyMap<string, string>, wanted: string): string[] {
  const bytes = Buffer.from(wanted).toString('hex')
  return [...tables].filter(([, text]) => text.includes(wanted) || text.includes(bytes)).map(([name]) => name)
}

/** Runs SQL that no method of the ledger would, as somebody with the database's password could. */
export async function tamper(ledger: Ledger, statement: string): Promise<void> {
  await sql.raw(statement).execute(ledger.db)
}

const by = { actor: account('acct-1') }
const toAccount = { ...by, subject: account('acct-2') }
const toPost = { ...by, subject: content('post-1') }
const byJob = { actor: { type: 'job', id: 'job-1' }, subject: content('post-1') }

/** A valid example of every type of event. */
export const EXAMPLES: Readonly<Record<keyof typeof EVENT_TYPES, Omit<EventInput, 'id' | 'type' | 'at'>>> = {
  'account.created': { actor: account('acct-1'), subject: account('acct-1'), data: { backups: ['acct-3'] } },
  'account.updated': { actor: account('acct-1'), subject: account('acct-1'), data: { backups: [] } },
  'account.removed': { actor: { type: 'moderator', id: 'mod-1' }, subject: account('acct-9') },
  follow: { ...toAccount, data: { weight: 2, relation: 'subscribe' } },
  unfollow: toAccount,
  block: toAccount,
  unblock: toAccount,
  mute: toAccount,
  unmute: toAccount,
  like: toPost,
  unlike: toPost,
  comment: { ...toPost, object: content('comment-1') },
  'comment.removed': { ...toPost, object: content('comment-1') },
  mention: toAccount,
  'mention.removed': toAccount,
  'post.created': {
    ...toPost,
    data: { hashtags: ['#PaperLantern'], links: ['https://example.org/a'], media: ['f00d'] },
  },
  'post.updated': { ...toPost, data: { hashtags: ['seashell'] } },
  'post.removed': toPost,
  'group.created': { ...by, subject: { type: 'group', id: 'g-1' } },
  'group.joined': { ...by, subject: { type: 'group', id: 'g-1' } },
  'group.left': { ...by, subject: { type: 'group', id: 'g-1' } },
  'contact.started': toAccount,
  'stream.started': { ...by, subject: { type: 'stream', id: 's-1' } },
  'stream.ended': { ...by, subject: { type: 'stream', id: 's-1' } },
  'search.made': { ...by, subject: { type: 'query', id: 'paper lantern' }, surface: 'search' },
  'recommendation.shown': {
    actor: { type: 'recommender', id: 'r-1' },
    subject: account('acct-1'),
    object: account('acct-2'),
    surface: 'recommend_accounts',
  },
  'recommendation.opened': { ...by, subject: account('acct-2') },
  'view.sampled': {
    ...by,
    subject: content('post-1'),
    context: { locale: 'de', ageBand: '18-24', jurisdiction: 'DE' },
  },
  'identifier.seen': { ...by, subject: { type: 'identifier', id: 'k-1' } },
  'age.assured': { ...toAccount, data: { band: '18+', source: 'document' } },
  'enforcement.acknowledged': { ...by, subject: { type: 'plan', id: 'plan-1' } },
  'subject.erased': { actor: account('acct-8'), subject: account('acct-8') },
  'report.received': { actor: { type: 'report', id: 'r-1' }, subject: content('post-1'), data: { category: 'spam' } },
  'decision.made': {
    ...byJob,
    object: { type: 'decision', id: 'd-1' },
    data: { outcome: 'no-violation', actions: [] },
  },
  'decision.effective': {
    ...byJob,
    object: { type: 'decision', id: 'd-1' },
    data: { outcome: 'no-violation', actions: [] },
  },
  'decision.reversed': { ...byJob, object: { type: 'decision', id: 'd-1' }, data: { reason: 'a second look' } },
  'appeal.opened': { ...by, subject: account('acct-1'), data: { appeal: 'a-1', statement: 'it was not me' } },
  'appeal.decided': {
    actor: { type: 'appeal', id: 'a-1' },
    subject: account('acct-1'),
    data: { outcome: 'upheld', removedLinks: 0 },
  },
}
