-- Steps of plans: one thing to do to one account, with what became of it. Rehearsals leave none.
create table plan_step (
  id text primary key,
  plan_id text not null,
  batch text not null,
  account text not null,
  direction text not null,
  -- The step that a reversal takes back.
  reverses text,
  action text not null,
  due_at timestamptz not null,
  state text not null,
  attempts integer not null,
  next_at timestamptz not null,
  answer text
);
create index plan_step_due on plan_step (next_at) where state in ('waiting', 'acting');
create index plan_step_plan on plan_step (plan_id);
create index plan_step_account on plan_step (account);

-- What is in force, or was: written with the receipt of the step that brought it about.
create table sanction (
  step_id text primary key,
  plan_id text not null,
  account text not null,
  action text not null,
  since timestamptz not null,
  until timestamptz,
  ended_at timestamptz,
  -- replaced, reversed
  ended_by text
);
create index sanction_account on sanction (account);
create index sanction_plan on sanction (plan_id);

create table strike (
  id text primary key,
  account text not null,
  policy text not null,
  weight integer not null,
  at timestamptz not null,
  step_id text,
  reversed_at timestamptz
);
create index strike_account on strike (account);

-- Which human opened which evidence of which member, and what they found.
create table evidence_opened (
  plan_id text not null,
  account text not null,
  evidence text not null,
  opened_by text not null,
  at timestamptz not null,
  finding text not null,
  primary key (plan_id, account, evidence)
);

create table appeal (
  id text primary key,
  account text not null,
  plan_id text not null,
  route text not null,
  opened_at timestamptz not null,
  state text not null,
  decided_by text,
  decided_at timestamptz,
  reason text,
  unique (plan_id, account)
);
create index appeal_open on appeal (opened_at) where state = 'open';

-- Links between accounts that an appeal removed; the graph leaves them out for good.
create table removed_link (
  source text not null,
  target text not null,
  relation text not null,
  appeal_id text not null,
  at timestamptz not null,
  primary key (source, target, relation)
);
