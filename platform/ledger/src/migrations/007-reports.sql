-- A complaint. What it says is the payload of the event `report.received` at seq: encrypted, erasable, in the chain.
-- Here is only what is counted and sorted by; subjects are entity numbers, so that erasure reaches them by itself.
create table report (
  id text primary key,
  seq bigint not null,
  -- Keyed hash of caller and idempotency key, and the digest of what was sent under it.
  request_key text,
  request_digest text,
  source text not null,
  reporter_class text not null,
  -- Keyed hash; who it is stands nowhere but, where an answer was asked for, in report_contact.
  reporter text,
  cluster text not null,
  category text not null,
  language text,
  subject integer not null,
  job text,
  -- open | merged | decided | rejected | dead
  state text not null,
  reason text,
  synthetic boolean not null,
  received_at timestamptz not null,
  settled_at timestamptz
);
create unique index report_request on report (request_key) where request_key is not null;
create index report_job on report (job);
create index report_day on report using brin (received_at);
create index report_dead on report (received_at) where state = 'dead';

-- Where an answer goes, apart from everything else: sealed, and gone once answered or after retention.
create table report_contact (
  report text primary key,
  sealed text not null,
  reporter text,
  received_at timestamptz not null,
  tried_at timestamptz
);
create index report_contact_reporter on report_contact (reporter) where reporter is not null;

-- What is known of a reporter: how many of their reports were decided, and how many of these were right.
create table reporter (
  key text primary key,
  reporter_class text not null,
  decided integer not null,
  upheld integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);

-- Evidence that a report pointed at. The reference itself is in the report's payload at this ordinal.
create table evidence (
  id text primary key,
  report text not null,
  job text not null,
  ordinal smallint not null,
  kind text not null,
  -- Hash of the item (type:value): the same picture is judged once.
  signal text,
  -- unasked | held | gone | refused
  hold text not null,
  hold_at timestamptz,
  added_at timestamptz not null
);
create index evidence_job on evidence (job);
create index evidence_unasked on evidence (added_at) where hold = 'unasked';
create index evidence_signal on evidence (signal) where signal is not null;

-- A unit of review: all open reports about one subject in one lane.
create table job (
  id text primary key,
  subject integer not null,
  lane text not null,
  queue text not null,
  category text not null,
  language text,
  severity smallint not null,
  reach real not null,
  -- Sum over reporter clusters of the weight of each: a flood from one cluster counts once.
  voices real not null,
  reports integer not null,
  synthetic boolean not null,
  opened_at timestamptz not null,
  -- Earlier is more urgent: opened_at less the credit of severity, reach and reporters. Needs no refresh as time passes.
  rank_at timestamptz not null,
  due_at timestamptz,
  -- While set, the due clock stands still.
  paused_at timestamptz,
  pause_reason text,
  snoozed_until timestamptz,
  escalated_at timestamptz,
  holder text,
  lease_until timestamptz,
  leased_at timestamptz,
  closed_at timestamptz
);
create unique index job_open on job (subject, lane) where closed_at is null;
create index job_next on job (queue, rank_at) where closed_at is null;
create index job_due on job (due_at) where closed_at is null and due_at is not null;
create index job_holder on job (holder) where holder is not null;

create table job_voice (
  job text not null,
  cluster text not null,
  weight real not null,
  reports integer not null,
  primary key (job, cluster)
);

-- Counted in the transaction that acknowledges, apart from the reports themselves: the other side of the books.
create table report_tally (
  source text not null,
  day text not null,
  received integer not null,
  -- Refused at the door with a reason: never acknowledged, no part of the balance.
  refused integer not null,
  primary key (source, day)
);
