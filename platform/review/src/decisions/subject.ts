import { type Db, rowsOf } from '@firebreak/intake'
import type { Ref } from '@firebreak/kernel'

/** What a job is about, and whose it is. Of an erased subject the name is a pseudonym. */
export interface JobSubject {
  readonly subject: Ref
  readonly author: string | null
}

/** What an entity number stands for. */
export async function subjectOf(db: Db, entity: number): Promise<JobSubject> {
  const [row] = await rowsOf<{ kind: string; name: string | null; author: string | null }>(
    db,
    'select e.kind, e.name, o.name as author from entity e left join entity o on o.id = e.owner where e.id = $1',
    [entity],
  )
  const subject = { type: row?.kind ?? 'account', id: row?.name ?? `erased-${entity}` }
  return { subject, author: row?.author ?? null }
}
