import type { Ref } from '@firebreak/kernel'
import { EVENT_TYPE_LIST } from '../events/vocabulary.ts'
import type { Sql } from '../store/store.ts'

/** What a person made, or nobody else ever used: its name goes with theirs. */
export interface OwnThing extends Ref {
  readonly entity: number
}

const COMMENT = EVENT_TYPE_LIST.indexOf('comment')
/** Kinds whose names come from what people write, look for or carry. Groups and plans are somebody else's as well. */
const PERSONAL = ['content', 'comment', 'stream', 'thread', 'media', 'hashtag', 'link', 'query', 'identifier']

/** Their posts, streams and comments, and the tags, links, searches and identifiers that no other event or edge knows. */
export async function ownThings(sql: Sql, person: number): Promise<OwnThing[]> {
  const { rows } = await sql.query<{ entity: number; type: string; id: string }>(
    `with made as (
       select id from entity where owner = $1
       union select object from event where actor = $1 and type = $2 and object is not null),
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
     where n.id in (select id from made union select id from alone) and n.kind = any($3::text[]) and n.name is not null
       and (n.owner is null or n.owner = $1)`,
    [person, COMMENT, PERSONAL],
  )
  return rows
}
