-- Erasures whose mentions in other people's payloads are still being looked for: up to position `last`, done up to `done`. The id is
-- sealed under the master key and goes with the row when the search is over.
create table erasure_scan (
  entity integer primary key,
  needle bytea not null,
  last bigint not null,
  done bigint not null
);
