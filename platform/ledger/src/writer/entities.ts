import type { Sql, TransactionSql } from '../store/store.ts'

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
  #unsaved: (readonly [kind: string, name: string, entity: Entity])[] = []

  /** Numbers every name that is not remembered, in one round trip; `save` writes the new ones. Call only under the head lock. */
  async intern(sql: Sql, names: ReadonlyMap<string, readonly [kind: string, name: string]>): Promise<void> {
    const wanted: (readonly [kind: string, name: string])[] = []
    for (const name of names.values()) if (!this.knows(...name)) wanted.push(name)
    if (wanted.length === 0) return
    const { rows } = await sql.query<{ id: number; owner: number | null; fresh: boolean }>(
      `select coalesce(e.id, nextval('entity_id_seq'))::integer as id, e.owner, e.id is null as fresh
       from json_array_elements($1::text::json) with ordinality as w(pair, place)
       left join entity e on e.name = w.pair->>1 and e.kind = w.pair->>0 order by place`,
      [JSON.stringify(wanted)],
    )
    for (const [i, { id, owner, fresh }] of rows.entries()) {
      const [kind, name] = wanted[i]!
      const entity = { id, owner, fresh }
      this.#remember(kind, name, entity)
      if (!fresh) continue
      this.#fresh.push(entity)
      this.#unsaved.push([kind, name, entity])
    }
  }

  /** Writes the names numbered since the last time, with what is known of their owners by now. */
  async save(sql: TransactionSql): Promise<void> {
    const unsaved = this.#unsaved
    this.#unsaved = []
    await sql.insert(
      ENTITY,
      unsaved.map(([kind, name, { id, owner }]) => [id, kind, name, owner]),
    )
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
    this.#unsaved = []
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

const ENTITY = {
  table: 'entity',
  columns: [
    ['id', 'int4'],
    ['kind', 'text'],
    ['name', 'text'],
    ['owner', 'int4'],
  ],
} as const
