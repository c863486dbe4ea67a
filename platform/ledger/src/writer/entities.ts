import type { Sql } from '../store/store.ts'

export interface Entity {
  readonly id: number
  /** Content: the account that made it. */
  owner: number | null
  /** First named in the current transaction. */
  fresh: boolean
}

const REMEMBERED = 400_000

export function entityKey(kind: string, name: string): string {
  return `${kind}\0${name}`
}

/** Numbers for names. Remembers them between transactions; what a rolled-back transaction made is forgotten. */
export class Entities {
  /** Kind → name → entity: joined keys would make a string per look-up. */
  readonly #known = new Map<string, Map<string, Entity>>()
  #remembered = 0
  #fresh: Entity[] = []

  /** Numbers every name, in one or two round trips for those not remembered. Call only under the head lock. */
  async intern(sql: Sql, names: ReadonlyMap<string, readonly [kind: string, name: string]>): Promise<void> {
    const wanted: { k: string; n: string }[] = []
    for (const [k, n] of names.values()) if (!this.#known.get(k)?.has(n)) wanted.push({ k, n })
    if (wanted.length === 0) return
    const { rows } = await sql.query<{ id: number; kind: string; name: string; owner: number | null; fresh: boolean }>(
      `with wanted as (select k, n from json_to_recordset($1::text::json) as r(k text, n text)),
       known as (select e.id, e.kind, e.name, e.owner from wanted w join entity e on e.name = w.n and e.kind = w.k),
       made as (insert into entity (kind, name)
         select k, n from wanted w where not exists (select 1 from known e where e.name = w.n and e.kind = w.k)
         returning id, kind, name)
       select id, kind, name, owner, false as fresh from known
       union all select id, kind, name, null, true from made`,
      [JSON.stringify(wanted)],
    )
    for (const { id, kind, name, owner, fresh } of rows) {
      const entity = { id, owner, fresh }
      this.#remember(kind, name, entity)
      if (fresh) this.#fresh.push(entity)
    }
  }

  knows(kind: string, name: string): boolean {
    return this.#known.get(kind)?.has(name) ?? false
  }

  /** The number of an interned name. */
  get(kind: string, name: string): Entity {
    return this.#known.get(kind)!.get(name)!
  }

  forget(kind: string, name: string): void {
    if (this.#known.get(kind)?.delete(name)) this.#remembered--
  }

  /** Another process may have told since who made a post or stream. */
  forgetContent(): void {
    for (const kind of ['content', 'stream']) {
      this.#remembered -= this.#known.get(kind)?.size ?? 0
      this.#known.delete(kind)
    }
  }

  /** After a commit: nothing is fresh any more. */
  settle(): void {
    if (this.#remembered > REMEMBERED) this.#clear()
    for (const entity of this.#fresh) entity.fresh = false
    this.#fresh = []
  }

  forgetAll(): void {
    this.#clear()
    this.#fresh = []
  }

  #remember(kind: string, name: string, entity: Entity): void {
    let names = this.#known.get(kind)
    if (names === undefined) {
      names = new Map()
      this.#known.set(kind, names)
    }
    names.set(name, entity)
    this.#remembered++
  }

  #clear(): void {
    this.#known.clear()
    this.#remembered = 0
  }
}
