import { EVENT_TYPE_LIST, type EventType } from '../events/vocabulary.ts'

/**
 * How long each class of data is kept, on what ground, and what happens then. `reduce` keeps the row for counts but takes payload or
 * text; `delete` takes the row. Both leave the chain entry, and the removal is recorded in the chain. A standing legal hold on a
 * subject keeps its rows. Operators with other duties change this file; a test keeps it complete.
 */
export interface RetentionRule {
  readonly dataClass: string
  readonly days: number
  readonly basis: string
  readonly action: 'reduce' | 'delete'
  readonly tables: readonly string[]
  /** For chained tables: the statement that takes up to $2 rows older than $1 and returns their positions as `seq`. */
  readonly chained?: string
  /** For edges: takes up to $2 rows older than $1 and returns the nodes whose adjacency must follow as `node`. */
  readonly edges?: string
  /** For tables outside the chain: takes the rows older than $1. */
  readonly plain?: string
}

const EXPOSURE: readonly EventType[] = ['search.made', 'recommendation.shown', 'recommendation.opened', 'view.sampled']

function numbers(types: readonly EventType[]): string {
  return types.map((type) => EVENT_TYPE_LIST.indexOf(type)).join(', ')
}

const HELD_EVENT = `exists (select 1 from legal_hold h join entity n on n.kind = h.subject_type and n.name = h.subject_id
  where h.released_at is null and n.id in (e.actor, e.subject, e.object))`
const HELD_EDGE = `exists (select 1 from legal_hold h join entity n on n.kind = h.subject_type and n.name = h.subject_id
  where h.released_at is null and n.id in (e.source, e.target))`
const HELD_LABEL = `exists (select 1 from legal_hold h where h.released_at is null
  and h.subject_type = l.subject_type and h.subject_id = l.subject_id)`
/** Inside JSON an id stands escaped. */
const HELD_TEXT = (text: string) =>
  `exists (select 1 from legal_hold h where h.released_at is null and (strpos(${text}, h.subject_id) > 0
    or strpos(${text}, substr(to_json(h.subject_id)::text, 2, length(to_json(h.subject_id)::text) - 2)) > 0))`

function deleteEvents(types: readonly EventType[]): string {
  return `delete from event where seq in (select e.seq from event e where e.received_at < $1::timestamptz
    and e.type in (${numbers(types)}) and not ${HELD_EVENT} order by e.seq limit $2) returning seq`
}

export const RETENTION: readonly RetentionRule[] = [
  {
    dataClass: 'exposure events (searches, recommendations, sampled views)',
    days: 90,
    basis: 'measuring exposure before and after; only aggregates are needed later',
    action: 'delete',
    tables: ['event'],
    chained: deleteEvents(EXPOSURE),
  },
  {
    dataClass: 'identifier sightings',
    days: 365,
    basis: 'recognising accounts that come back after removal',
    action: 'delete',
    tables: ['event'],
    chained: deleteEvents(['identifier.seen']),
  },
  {
    dataClass: 'identifier links',
    days: 365,
    basis: 'recognising accounts that come back after removal',
    action: 'delete',
    tables: ['edge', 'adjacency'],
    edges: `with gone as (delete from edge where (source, target, relation, spell) in (
        select e.source, e.target, e.relation, e.spell from edge e join relation r on r.id = e.relation
        where r.name = 'identifier' and e.last_at < $1::timestamptz and not ${HELD_EDGE} limit $2) returning source, target)
      select source as node from gone union select target from gone`,
  },
  {
    dataClass: 'payloads of activity events',
    days: 365,
    basis: 'investigating networks and answering appeals',
    action: 'reduce',
    tables: ['event'],
    chained: `update event set payload = null, salt = null where seq in (select e.seq from event e
      where e.received_at < $1::timestamptz and e.payload is not null and not ${HELD_EVENT} order by e.seq limit $2) returning seq`,
  },
  {
    dataClass: 'withdrawn edges',
    days: 365,
    basis: 'questions about the past ("as of") in cases and appeals',
    action: 'delete',
    tables: ['edge'],
    edges: `with gone as (delete from edge where (source, target, relation, spell) in (
        select e.source, e.target, e.relation, e.spell from edge e
        where e.withdrawn_at < $1::timestamptz and not ${HELD_EDGE} limit $2) returning source, target)
      select source as node from gone union select target from gone`,
  },
  {
    dataClass: 'labels no longer in force',
    days: 365,
    basis: 'appeals, and statements of reasons about past restrictions',
    action: 'delete',
    tables: ['label'],
    chained: `delete from label where seq in (select l.seq from label l where not ${HELD_LABEL}
      and (l.expires_at < $1::timestamptz or exists (select 1 from label n
        where n.retracts in (l.id, l.retracts) and n.at < $1::timestamptz)) order by l.seq limit $2) returning seq`,
  },
  {
    dataClass: 'superseded versions of documents',
    days: 30,
    basis: 'undoing a mistake',
    action: 'reduce',
    tables: ['document'],
    chained: `update document set body = null, salt = null where seq in (select d.seq from document d
      where d.at < $1::timestamptz and d.body is not null and not ${HELD_TEXT('d.body')}
        and exists (select 1 from document l where l.kind = d.kind and l.id = d.id and l.version > d.version)
      order by d.seq limit $2) returning seq`,
  },
  {
    dataClass: 'audit records',
    days: 1826,
    basis: 'accountability for reveals, exports and sign-ins (five years)',
    action: 'delete',
    tables: ['audit'],
    chained: `delete from audit where seq in (select a.seq from audit a where a.at < $1::timestamptz and not ${HELD_TEXT('a.data')}
      order by a.seq limit $2) returning seq`,
  },
  {
    dataClass: 'released legal holds',
    days: 1826,
    basis: 'accountability (five years)',
    action: 'delete',
    tables: ['legal_hold'],
    plain: 'delete from legal_hold where released_at < $1::timestamptz',
  },
  {
    dataClass: 'expired sessions and sign-in links',
    days: 1,
    basis: 'none after they expire',
    action: 'delete',
    tables: ['session'],
    plain: 'delete from session where expires_at < $1::timestamptz',
  },
  {
    dataClass: 'media of erased contents (sealed address and hashes; never bytes)',
    days: 1,
    basis: 'none once their content is erased',
    action: 'delete',
    tables: ['medium'],
    plain:
      'delete from medium where changed_at < $1::timestamptz and content in (select id from entity where name is null)',
  },
  {
    dataClass: 'scores of triage detectors',
    days: 365,
    basis: 'calibrating a detector on what people decided',
    action: 'delete',
    tables: ['detector_score'],
    plain: 'delete from detector_score where at < $1::timestamptz',
  },
  {
    dataClass: 'revoked and expired API keys',
    days: 365,
    basis: 'reading old audit records',
    action: 'delete',
    tables: ['api_key'],
    plain: 'delete from api_key where revoked_at < $1::timestamptz or expires_at < $1::timestamptz',
  },
  {
    dataClass: 'where the outcome of a report goes',
    days: 180,
    basis: 'answering the reporter and complaints about the answer (six months)',
    action: 'delete',
    tables: ['report_contact'],
    plain: 'delete from report_contact where received_at < $1::timestamptz',
  },
  {
    dataClass: 'what is known of a reporter (keyed)',
    days: 730,
    basis: 'weighing the next report by how the earlier ones were decided',
    action: 'delete',
    tables: ['reporter'],
    plain: 'delete from reporter where last_at < $1::timestamptz',
  },
  {
    dataClass: 'reporters and groups on old reports (keyed)',
    days: 730,
    basis: 'recognising floods and unfounded reporters',
    action: 'reduce',
    tables: ['report', 'job_voice'],
    plain: `with old as (update report set reporter = null, cluster = '' where received_at < $1::timestamptz and cluster <> ''
        and state not in ('open', 'merged') returning job)
      delete from job_voice where job in (select job from old)`,
  },
  {
    dataClass: 'sanctions that have ended, with their steps and findings',
    days: 1826,
    basis: 'complaints, courts and transparency reports (five years)',
    action: 'delete',
    tables: ['sanction', 'plan_step', 'evidence_opened'],
    plain: `with old as (delete from sanction where ended_at < $1::timestamptz or until < $1::timestamptz returning step_id, plan_id, account),
        steps as (delete from plan_step where id in (select step_id from old) or reverses in (select step_id from old))
      delete from evidence_opened f using old where f.plan_id = old.plan_id and f.account = old.account`,
  },
  {
    dataClass: 'strikes',
    days: 1826,
    basis: 'repeated misuse (Regulation (EU) 2022/2065, art. 23); what counts is set by policy, at most five years',
    action: 'delete',
    tables: ['strike'],
    plain: 'delete from strike where at < $1::timestamptz',
  },
  {
    dataClass: 'decided appeals',
    days: 1826,
    basis: 'showing that complaints were handled (five years)',
    action: 'delete',
    tables: ['appeal'],
    plain: 'delete from appeal where decided_at < $1::timestamptz',
  },
  {
    dataClass: 'references to evidence',
    days: 730,
    basis: 'appeals and complaints about a decision',
    action: 'delete',
    tables: ['evidence'],
    plain: `delete from evidence where added_at < $1::timestamptz
      and not exists (select 1 from job j where j.id = evidence.job and j.closed_at is null)`,
  },
  {
    dataClass: 'who was shown what in review',
    days: 1826,
    basis: 'accountability for views of sensitive material, and what reports to authorities say about it (five years)',
    action: 'delete',
    tables: ['reveal'],
    plain: 'delete from reveal where at < $1::timestamptz',
  },
  {
    dataClass: 'copies of evidence in the vault',
    days: 365,
    basis: 'preservation for authorities (one year); longer while a legal hold stands',
    action: 'delete',
    tables: ['vault_item', 'vault_key', 'vault_grant'],
    plain: `with gone as (delete from vault_item v where v.stored_at < $1::timestamptz and not exists (select 1 from job j
        join entity e on e.id = j.subject join legal_hold h on h.released_at is null and h.subject_type = e.kind
          and h.subject_id = e.name where j.id = v.job) returning id, case_id),
      grants as (delete from vault_grant where item in (select id from gone))
      delete from vault_key k where k.made_at < $1::timestamptz
        and not exists (select 1 from vault_item v where v.case_id = k.case_id and v.id not in (select id from gone))`,
  },
  {
    dataClass: 'look-ups',
    days: 730,
    basis: 'reviewing who looked somebody up, and why',
    action: 'delete',
    tables: ['lookup'],
    plain: 'delete from lookup where at < $1::timestamptz',
  },
  {
    dataClass: 'second looks, golden answers and passes',
    days: 730,
    basis: 'measuring the agreement of decisions over time',
    action: 'delete',
    tables: ['opinion', 'job_pass'],
    plain: `with old as (delete from opinion where at < $1::timestamptz)
      delete from job_pass where job in (select id from job where closed_at < $1::timestamptz)`,
  },
  {
    dataClass: 'webhooks delivered',
    days: 90,
    basis: 'showing what was delivered, and replaying it',
    action: 'delete',
    tables: ['webhook_delivery'],
    plain: `delete from webhook_delivery where created_at < $1::timestamptz and state <> 'waiting'`,
  },
  {
    dataClass: 'canaries',
    days: 90,
    basis: 'no personal data; showing that every surface was watched',
    action: 'delete',
    tables: ['canary'],
    plain: 'delete from canary where sent_at < $1::timestamptz',
  },
  {
    dataClass: 'counts of what accounts and pairs did',
    days: 40,
    basis: 'patterns within thirty days',
    action: 'delete',
    tables: ['counted'],
    plain:
      'delete from counted where hour < extract(epoch from $1::timestamptz) / 3600 or (entity <> 0 and entity in (select id from entity where name is null))',
  },
  {
    dataClass: 'age bands of erased accounts',
    days: 1,
    basis: 'none once their account is erased',
    action: 'delete',
    tables: ['age_assurance'],
    plain:
      'delete from age_assurance where at < $1::timestamptz and entity in (select id from entity where name is null)',
  },
  {
    dataClass: 'demotions and whether they were told',
    days: 1826,
    basis: 'complaints about a restriction and transparency reports (five years)',
    action: 'delete',
    tables: ['demotion'],
    plain: 'delete from demotion where first_at < $1::timestamptz and told_at is not null',
  },
  {
    dataClass: 'facts of sampled verdicts, without names',
    days: 90,
    basis: 'trying rules on what was asked',
    action: 'delete',
    tables: ['verdict_sample'],
    plain: 'delete from verdict_sample where at < $1::timestamptz',
  },
  {
    dataClass: 'alarms about walks',
    days: 365,
    basis: 'recognising a key that is used as an oracle',
    action: 'delete',
    tables: ['oracle_alarm'],
    plain: 'delete from oracle_alarm where last_at < $1::timestamptz',
  },
  {
    dataClass: 'lexicon inbox, decided',
    days: 365,
    basis: 'not asking about the same variant again',
    action: 'delete',
    tables: ['lexicon_inbox'],
    plain: "delete from lexicon_inbox where state <> 'open' and changed_at < $1::timestamptz",
  },
]

/** Tables without a period of their own, and why. A test asks that every table is here or in the table above. */
export const KEPT: Readonly<Record<string, string>> = {
  lexicon_entry: 'no personal data; the list itself, with owner and expiry',
  lexicon_version: 'no personal data; sealed history of what was in force',
  interstitial_outcome: 'counts by day; no person, no query',
  schema_migration: 'no personal data',
  ledger_head: 'no personal data',
  chain: 'digests only; proves the rest',
  removal: 'positions only; proves what was removed',
  gone: 'positions only; proves what was removed',
  adjacency_change: 'numbers of accounts; folded into adjacency and deleted within seconds, and before any erasure',
  entity: 'names go by erasure; needed while any row refers to them',
  erasure_scan: 'sealed id of an erased subject; deleted when the search in other payloads is over',
  subject_key: 'goes by erasure; without payload it opens nothing',
  relation: 'no personal data',
  cursor_position: 'no personal data',
  app_user: 'staff; removed by disabling',
  rule_version: 'no personal data; the history of what decided',
  rule_count: 'no personal data',
  legal_basis: 'no personal data; the history of what was allowed to look where',
  job: 'no personal data: subjects are numbers whose names go by erasure; needed by the books',
  report_tally: 'no personal data; the other side of the books',
  decision: 'staff and counts: subjects are numbers whose names go by erasure; words are payload of events',
  golden: 'staff; retired by hand',
  page: 'no personal data',
  reviewer_preference: 'staff; their own, removed by themselves',
  webhook_endpoint: 'no personal data; disabled by hand',
  victim_mark: 'protects the person while the account exists; goes by erasure or by hand',
  removed_link: 'a right won by an appeal; names go by erasure',
  bank: 'no personal data',
  bank_journal: 'hashes of known media, sealed; what was withdrawn stays as a tombstone',
  medium_match: 'goes with its medium',
  content_review: 'goes with its content; until then it outweighs likenesses',
  content_label: 'numbers whose names go by erasure; the label itself has its own period',
  signals_work: 'no personal data',
  detector: 'no personal data',
  exchange: 'no personal data',
  exchange_malformed:
    'records of an exchange that could not be read, sealed; kept so that nothing is skipped in silence',
  exchange_feedback: 'no personal data; proves what was told to the source',
}
