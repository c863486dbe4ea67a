import type { LedgerTransaction } from '@firebreak/ledger'

/** An entry by its bank's number and its own. */
export interface EqualEntry {
  readonly bank: number
  readonly entry: number
}

type Db = Pick<LedgerTransaction['db'], 'selectFrom' | 'insertInto'>

/** The number of a content's name; null when it was never named. */
export async function contentOf(db: Pick<Db, 'selectFrom'>, name: string): Promise<number | null> {
  const row = await db
    .selectFrom('entity')
    .select('id')
    .where('name', '=', name)
    .where('kind', '=', 'content')
    .executeTakeFirst()
  return row?.id ?? null
}

/** The number of a content's name, made when it was never named. */
export async function contentIn(db: Db, name: string): Promise<number> {
  const known = await contentOf(db, name)
  if (known !== null) return known
  const made = await db.insertInto('entity').values({ kind: 'content', name }).returning('id').executeTakeFirstOrThrow()
  return made.id
}

/** Names of contents that still have one; an erased content has none. */
export async function contentNames(
  db: Pick<Db, 'selectFrom'>,
  contents: readonly number[],
): Promise<Map<number, string>> {
  if (contents.length === 0) return new Map()
  const rows = await db
    .selectFrom('entity')
    .select(['id', 'name'])
    .where('id', 'in', [...contents])
    .execute()
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])))
}

/** The entries that a content's hashed media equal: by digest, or at distance 0. */
export function equalEntries(db: Pick<Db, 'selectFrom'>, content: number): Promise<EqualEntry[]> {
  return db
    .selectFrom('medium_match')
    .innerJoin('medium', 'medium.id', 'medium_match.medium')
    .select(['medium_match.bank', 'medium_match.entry'])
    .distinct()
    .where('medium.content', '=', content)
    .where('medium.state', '=', 'hashed')
    .where('medium_match.distance', '=', 0)
    .execute()
}
