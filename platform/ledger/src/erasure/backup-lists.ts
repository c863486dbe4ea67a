import { EVENT_TYPE_LIST } from '../events/vocabulary.ts'
import { seal, unseal } from '../keys/cipher.ts'
import type { WriteContext } from '../writer/writer.ts'
import { withoutMention } from './redact.ts'

const PROFILES = [EVENT_TYPE_LIST.indexOf('account.created'), EVENT_TYPE_LIST.indexOf('account.updated')]

/**
 * Profiles of others that name the person as a backup are written again without the name, under their own owner's key. Call before
 * the edges go: they tell which profiles. Returns the positions of the rows that were reduced.
 */
export async function cleanBackupLists(
  { sql, keys, random }: WriteContext,
  person: number,
  id: string,
  pseudonym: string,
): Promise<number[]> {
  const { rows } = await sql.query<{ seq: number; owner: number; payload: Uint8Array }>(
    `select seq, payload_owner as owner, payload from event where type = any($2::int[]) and payload is not null and subject in (
       select e.source from edge e join relation r on r.id = e.relation where e.target = $1 and r.name = 'backup')`,
    [person, PROFILES],
  )
  const found = await keys.find(
    sql,
    rows.map(({ owner }) => owner),
  )
  const changed: number[] = []
  for (const { seq, owner, payload } of rows) {
    const key = found.get(owner)
    if (key === undefined) continue
    const text = unseal(key, payload).toString()
    const clean = JSON.stringify(withoutMention(JSON.parse(text), id, pseudonym))
    if (clean === text) continue
    const sealed = seal(key, random.take(12), Buffer.from(clean))
    await sql.query('update event set payload = $2, salt = null where seq = $1', [seq, sealed])
    changed.push(seq)
  }
  return changed
}
