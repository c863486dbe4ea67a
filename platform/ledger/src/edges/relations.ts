import type { Sql } from '../store/store.ts'

/** Relations by number. Those of the vocabulary are seeded; a name an operator brings gets the next number. */
export class Relations {
  readonly #numbers = new Map<string, number>()
  readonly #names = new Map<number, string>()

  async number(sql: Sql, name: string): Promise<number> {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    await this.#load(sql)
    const loaded = this.#numbers.get(name)
    if (loaded !== undefined) return loaded
    // Not remembered from here: the transaction may still roll back.
    const { rows } = await sql.query<{ id: number }>(
      'insert into relation (id, name) select max(id) + 1, $1 from relation returning id',
      [name],
    )
    return rows[0]!.id
  }

  async name(sql: Sql, number: number): Promise<string> {
    if (!this.#names.has(number)) await this.#load(sql)
    return this.#names.get(number)!
  }

  async #load(sql: Sql): Promise<void> {
    const { rows } = await sql.query<{ id: number; name: string }>('select id, name from relation')
    for (const { id, name } of rows) this.#names.set(id, name)
    for (const { id, name } of rows) this.#numbers.set(name, id)
  }
}
