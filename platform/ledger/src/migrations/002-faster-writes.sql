-- An entry of the chain may stand for a run of rows: kind 0, from position `first` to `seq`, `digests` holding kind (1 byte) and digest
-- (32 bytes) of each; `digest` is then SHA-256 over the first position (8 bytes) and `digests`. Entries of one row stay as they were.
alter table chain add column first bigint;
alter table chain add column digests bytea;
alter table chain alter column digests set storage external;

-- Positions whose row an erasure or a retention sweep took or reduced, and the position of that removal.
create table gone (
  seq bigint primary key,
  by bigint not null
);
insert into gone (seq, by) select seq, gone_by from chain where gone_by is not null;
alter table chain drop column gone_by;

-- Changes of edges not yet in `adjacency` (edges/packing.ts): they are folded in by the first reader, or when the writers rest.
create table adjacency_change (
  seq bigint primary key,
  changes bytea not null
);

-- An edge that is made and withdrawn more than 32,767 times is odd, not impossible.
alter table edge alter column spell type integer;
