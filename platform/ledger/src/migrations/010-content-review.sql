-- What a person found about a content that signals had labelled: it outweighs a likeness, never an equal digest.
create table content_review (
  content integer primary key,
  confirmed boolean not null,
  at timestamptz not null
);
