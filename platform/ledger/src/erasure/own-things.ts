import type { Ref } from '@firebreak/kernel'
import { EVENT_TYPE_LIST, type EventType } from '../events/vocabulary.ts'
import type { Sql } from '../store/store.ts'

/** What a person made, or nobody else ever used: its name goes with theirs. */
export interface OwnThing extends Ref {
  readonly entity: number
}

const COMMENT = EVENT_TYPE_LIST.indexOf('comment')
/** Acts that only the maker of a content performs: they tell whose it is when its first event never arrived. */
const MAKING = ['post.created', 'post.updated', 'post.removed', 'stream.started', 'stream.ended'].map((type) =>
  EVENT_TYPE_LIST.indexOf(type as EventType),
)
/** Kinds that a person makes. */
const MADE = ['content', 'comment', 'stream', 'thread']
/** Kinds that many use: the person's own while nobody else did. A post of an unknown author is somebody's, so not among them. */
const USED = ['media', 'hashtag', 'link', 'query', 'identifier']

/** Their posts, streams and comments, and the tags, links, searches and identifiers that no other event or edge knows. */
export async function ownThings(sql: Sql, person: number): Promise<OwnThing[]> {
  const { rows } = await sql.query<OwnThing>(
    `with made as (
       select id from entity where owner = $1
       union select object from event where actor = $1 and type = $2 and object is not null
       union select subject from event where actor = $1 and type = any($5::int[])),
     used as (
       select subject as id from event where actor = $1
       union select object from event where actor = $1 and object is not null
       union select target from edge where source = $1),
     alone as (
       select u.id from used u
       where not exists (select 1 from event o where o.subject = u.id and o.actor <> $1)
         and not exists (select 1 from event o where o.object = u.id and o.actor <> $1)
         and not exists (select 1 from edge g where g.target = u.id and g.source <> $1))
     select n.id as entity, n.kind as type, n.name as id from entity n
     where n.name is not null and (n.owner is null or n.owner = $1)
       and (n.id in (select id from made) and n.kind = any($3::text[]) or n.id in (select id from alone) and n.kind = any($4::text[]))`,
    [person, COMMENT, MADE, USED, MAKING],
  )
  return rows
}

/** Kinds whose name, shared with somebody else, would tell who the person was. */
const TELLING = ['identifier', 'query']

/**
 * Identifiers and searches that others used as well keep their name; the person's own events on them point to a nameless stand-in, one
 * for each, so that counts stay and no pseudonym stands beside a device or a question.
 */
export async function detachShared(sql: Sql, person: number, own: readonly number[]): Promise<void> {
  await sql.query(
    `with shared as (
       select distinct n.id, n.kind from event e join entity n on n.id in (e.subject, e.object)
       where e.actor = $1 and n.kind = any($2::text[]) and n.id <> all($3::int[])),
     numbered as (select id, kind, nextval('entity_id_seq')::integer as stand_in from shared),
     made as (insert into entity (id, kind) select stand_in, kind from numbered returning id)
     update event e set subject = coalesce((select stand_in from numbered n where n.id = e.subject), e.subject),
       object = coalesce((select stand_in from numbered n where n.id = e.object), e.object)
     where e.actor = $1 and (e.subject in (select id from numbered) or e.object in (select id from numbered))`,
    [person, TELLING, own],
  )
}
