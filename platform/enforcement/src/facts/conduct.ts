import { EVENT_TYPE_LIST, type Ledger } from '@firebreak/ledger'
import { sql } from 'kysely'
import type { ConductEvidence } from '../plan/plan.ts'

/** Labels that are evidence of conduct: an exact match in an adopted bank. A near match, a term or a triage score touches nobody. */
const PROVEN: readonly string[] = ['known-media']
/** Posts of one account that are offered as evidence at most; the newest. */
const POSTS = 3
/** From this many accounts written to first, it is outreach. */
const OUTREACH_FROM = 10

/**
 * What accounts did themselves, as far as the ledger knows: their labelled content, their newest posts, whom they wrote to first, whom
 * they name as backups. It is evidence to look at, not proof: a human opens each piece and says whether it supports the sanction.
 * Three queries for any number of accounts.
 */
export async function conductOf(
  ledger: Pick<Ledger, 'db'>,
  accounts: readonly string[],
): Promise<Map<string, ConductEvidence[]>> {
  const found = new Map<string, ConductEvidence[]>(accounts.map((account) => [account, []]))
  if (accounts.length === 0) return found
  for (const row of await labelledContent(ledger, accounts))
    found.get(row.account)?.push({
      id: `label:${row.id}`,
      kind: 'content-match',
      at: row.at.toISOString(),
      sentence: `Content of this account carries the label ${row.value}.`,
      ref: `content:${row.content}`,
    })
  for (const row of await outreach(ledger, accounts))
    found.get(row.account)?.push({
      id: 'outreach',
      kind: 'outreach',
      at: row.at.toISOString(),
      sentence: `Wrote first to ${row.contacted} accounts.`,
      ref: `account:${row.account}`,
    })
  for (const row of await newestPosts(ledger, accounts))
    found.get(row.account)?.push({
      id: `event:${row.seq}`,
      kind: 'content',
      at: row.at.toISOString(),
      sentence: 'Posted this.',
      ref: `content:${row.content}`,
    })
  for (const row of await backupClaims(ledger, accounts))
    found.get(row.account)?.push({
      id: `backup:${row.other}`,
      kind: 'backup-claim',
      at: row.at.toISOString(),
      sentence: 'Names another account as its backup.',
      ref: `account:${row.account}`,
    })
  return found
}

function typeNumber(type: (typeof EVENT_TYPE_LIST)[number]): number {
  return EVENT_TYPE_LIST.indexOf(type)
}

async function labelledContent({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]) {
  const { rows } = await sql<{ account: string; id: string; value: string; at: Date; content: string }>`
    select owner.name as account, l.id, l.value, l.at, c.name as content
    from entity owner join entity c on c.owner = owner.id
    join label l on l.subject_id = c.name and l.subject_type = c.kind
    where owner.kind = 'account' and owner.name in (${sql.join(accounts)}) and not l.neg
      and (l.value in (${sql.join(PROVEN)}) or l.source like 'decision:%')
      and (l.expires_at is null or l.expires_at > now())
      and not exists (select 1 from label r where r.retracts = l.id)
    order by l.seq`.execute(db)
  return rows
}

async function newestPosts({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]) {
  const { rows } = await sql<{ account: string; seq: number; at: Date; content: string }>`
    select account, seq, at, content from (
      select a.name as account, e.seq, e.at, c.name as content,
        row_number() over (partition by e.actor order by e.seq desc) as nth
      from entity a join event e on e.actor = a.id join entity c on c.id = e.subject
      where a.kind = 'account' and a.name in (${sql.join(accounts)}) and e.type = ${typeNumber('post.created')}
        and c.name is not null
    ) newest where nth <= ${POSTS} order by seq`.execute(db)
  return rows
}

async function outreach({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]) {
  const { rows } = await sql<{ account: string; contacted: number; at: Date }>`
    select a.name as account, count(distinct e.subject)::int as contacted, max(e.at) as at
    from entity a join event e on e.actor = a.id
    where a.kind = 'account' and a.name in (${sql.join(accounts)}) and e.type = ${typeNumber('contact.started')}
    group by a.name having count(distinct e.subject) >= ${OUTREACH_FROM}`.execute(db)
  return rows
}

async function backupClaims({ db }: Pick<Ledger, 'db'>, accounts: readonly string[]) {
  const { rows } = await sql<{ account: string; other: string; at: Date }>`
    select a.name as account, o.name as other, e.last_at as at
    from entity a join edge e on e.source = a.id join entity o on o.id = e.target
    join relation r on r.id = e.relation
    where a.kind = 'account' and a.name in (${sql.join(accounts)}) and r.name = 'backup' and e.withdrawn_at is null
      and o.name is not null`.execute(db)
  return rows
}
