-- Review: what moderators decide, see and are asked again. Who a moderator is stands here and in the audit chain, never outside.

-- A job is about reports, or asks somebody again: a second look at a decision, or an item whose answer is known. They look alike.
alter table job add column kind text not null default 'report';
-- The job whose reports and evidence it shows, when that is not its own.
alter table job add column origin text;
-- The danger lane: somebody has taken the page.
alter table job add column acknowledged_at timestamptz;
alter table job add column acknowledged_by text;
drop index job_open;
create unique index job_open on job (subject, lane) where closed_at is null and kind = 'report';

-- Whom a job is not offered to: passed (no reason asked), skipped for a while, or already asked.
create table job_pass (
  job text not null,
  reviewer text not null,
  until_at timestamptz,
  primary key (job, reviewer)
);

-- What was decided is the payload of the event decision.made at seq; here is what is counted.
create table decision (
  id text primary key,
  seq bigint not null,
  job text not null,
  subject integer not null,
  decider text not null,
  outcome text not null,
  policy text not null,
  -- legal | terms
  ground text not null,
  category text not null,
  severity smallint not null,
  actions integer not null,
  automatic boolean not null,
  synthetic boolean not null,
  decided_at timestamptz not null,
  -- Until then it can be undone and does nothing outside.
  effective_at timestamptz not null,
  settled_at timestamptz,
  reversed_at timestamptz,
  reversed_by text,
  -- Seconds the job was in hand.
  seconds integer not null
);
create index decision_job on decision (job);
create index decision_waiting on decision (effective_at) where settled_at is null and reversed_at is null;
create index decision_decider on decision (decider, decided_at);

-- Answers to jobs that ask somebody again, and opinions given when a colleague was asked.
create table opinion (
  id text primary key,
  job text not null,
  -- second | golden | asked
  kind text not null,
  reviewer text not null,
  outcome text not null,
  policy text not null,
  severity smallint not null,
  -- The decision it is compared with; golden items: the agreed answer is in expected.
  decision text,
  expected text,
  expected_policy text,
  agrees boolean,
  resolved_at timestamptz,
  at timestamptz not null
);
create index opinion_at on opinion (at);

create table golden (
  id text primary key,
  job text not null unique,
  outcome text not null,
  policy text not null,
  by_user text not null,
  at timestamptz not null,
  retired_at timestamptz
);

-- Every time something was shown: who, what, why, how long. Feeds wellness and fileViewedByEsp.
create table reveal (
  id text primary key,
  evidence text not null,
  job text not null,
  reviewer text not null,
  purpose text not null,
  severity smallint not null,
  at timestamptz not null,
  seconds integer
);
create index reveal_reviewer on reveal (reviewer, at);
create index reveal_evidence on reveal (evidence);

-- A person's own settings; read by nobody else.
create table reviewer_preference (
  reviewer text primary key,
  body text not null,
  break_until timestamptz,
  at timestamptz not null
);

-- Looking somebody up without an open job: allowed, counted, and reviewed.
create table lookup (
  id text primary key,
  reviewer text not null,
  subject integer,
  purpose text not null,
  job text,
  at timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text
);
create index lookup_open on lookup (at) where reviewed_at is null and job is null;

-- Webhooks: where they go and what became of each.
create table webhook_endpoint (
  id text primary key,
  url text not null,
  sealed_secret text not null,
  types text[] not null,
  created_at timestamptz not null,
  disabled_at timestamptz
);
create table webhook_delivery (
  id text primary key,
  endpoint text not null,
  type text not null,
  -- A CloudEvent: ids, outcome and public reason, nothing personal.
  body text not null,
  state text not null,
  attempts integer not null,
  next_at timestamptz not null,
  last_status integer,
  last_error text,
  created_at timestamptz not null,
  delivered_at timestamptz
);
create index webhook_delivery_waiting on webhook_delivery (next_at) where state = 'waiting';
create index webhook_delivery_endpoint on webhook_delivery (endpoint, created_at);

-- Pages of the danger lane: each step once, kept until somebody acknowledges.
create table page (
  id text primary key,
  job text not null,
  step smallint not null,
  due_at timestamptz not null,
  sent_at timestamptz,
  failed text,
  unique (job, step)
);
create index page_due on page (due_at) where sent_at is null;

-- Canaries: what was sent into which surface, and whether it came out where it should and nowhere else.
create table canary (
  id text primary key,
  surface text not null,
  sent_at timestamptz not null,
  -- sent | found | lost | leaked
  state text not null,
  detail text,
  ended_at timestamptz
);
create index canary_surface on canary (surface, sent_at);

-- Accounts that are victims, marked by people of the child-safety role; apart from everything else, and listed nowhere.
create table victim_mark (
  entity integer primary key,
  marked_by text not null,
  at timestamptz not null
);

-- Copies of evidence, only where somebody decided to keep one: each case has a key of its own, wrapped; without it nothing opens.
create table vault_key (
  case_id text primary key,
  wrapped text not null,
  made_at timestamptz not null
);
create table vault_item (
  id text primary key,
  case_id text not null,
  evidence text not null,
  job text not null,
  media_type text not null,
  -- SHA-256 of what was put in: chain of custody.
  digest text not null,
  body bytea not null,
  stored_by text not null,
  stored_at timestamptz not null
);
create index vault_item_case on vault_item (case_id);

-- Opening an item, or destroying a case's copies, needs two people: who asks, and somebody else who grants it, once.
create table vault_grant (
  id text primary key,
  item text,
  case_id text not null,
  purpose text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  granted_by text,
  granted_at timestamptz,
  used_at timestamptz
);
