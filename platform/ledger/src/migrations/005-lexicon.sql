-- Terms, hashtags, links and expressions under policy. What matches is in the versions, sealed; here stands only who and how far.
create table lexicon_entry (
  id text primary key,
  list text not null,
  -- term, hashtag, url, expression, shortener
  kind text not null,
  -- Keyed hash of kind and text: the same entry told twice is one row.
  text_key bytea not null,
  owner text not null,
  -- State and number of the newest version; draft, test, review, shadow, live, expired.
  state text not null,
  version integer not null,
  -- The version in force; an edit does not take it out of force.
  live_version integer,
  expires_at timestamptz,
  created_at timestamptz not null,
  -- Grows with every change, given under the ledger's head lock, so that every process can follow.
  changed bigint not null
);
create unique index lexicon_text on lexicon_entry (text_key);
create index lexicon_changed on lexicon_entry (changed);

create table lexicon_version (
  entry text not null references lexicon_entry (id) on delete cascade,
  version integer not null,
  -- AES-256-GCM of text and options.
  body bytea not null,
  written_by text not null,
  approved_by text,
  at timestamptz not null,
  -- What the test found: expected false positives, blast radius, sampled precision (JSON, numbers only).
  findings text,
  primary key (entry, version)
);

-- What people should look at: variants a network moved to, suggestions that users reported. The text is sealed.
create table lexicon_inbox (
  id text primary key,
  -- variant, reported
  source text not null,
  text_key bytea not null,
  body bytea not null,
  -- open, accepted, rejected, snoozed
  state text not null,
  until timestamptz,
  seen integer not null default 1,
  entry text,
  decided_by text,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index lexicon_inbox_text on lexicon_inbox (source, text_key);

-- How often a screen was shown and what came of it, by day. No person, no query.
create table interstitial_outcome (
  day text not null,
  kind text not null,
  variant text not null,
  locale text not null,
  outcome text not null,
  count bigint not null,
  primary key (day, kind, variant, locale, outcome)
);
