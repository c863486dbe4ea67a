import type { Ledger } from '@firebreak/ledger'

const OLD_AFTER = 5_000

/**
 * A setting read from a document and kept in memory. Where several processes share the store, one that is older than five seconds is
 * read again behind the answer: what another process changed holds here within seconds, and nobody waits for it.
 */
export class Kept<T> {
  readonly #ledger: Pick<Ledger, 'documents' | 'kind'>
  readonly #kind: string
  readonly #id: string
  #value: T
  #readAt = performance.now()
  #reading = false

  private constructor(ledger: Pick<Ledger, 'documents' | 'kind'>, kind: string, id: string, value: T) {
    this.#ledger = ledger
    this.#kind = kind
    this.#id = id
    this.#value = value
  }

  static async open<T>(
    ledger: Pick<Ledger, 'documents' | 'kind'>,
    kind: string,
    id: string,
    otherwise: T,
  ): Promise<Kept<T>> {
    const stored = await ledger.documents.get<T>(kind, id)
    return new Kept(ledger, kind, id, stored?.body ?? otherwise)
  }

  get value(): T {
    if (this.#ledger.kind === 'postgres' && !this.#reading && performance.now() - this.#readAt > OLD_AFTER) {
      this.#reading = true
      this.#ledger.documents
        .get<T>(this.#kind, this.#id)
        .then(
          (stored) => {
            if (stored !== null) this.#value = stored.body
          },
          () => {}, // the store is away: what is known still holds
        )
        .finally(() => {
          this.#readAt = performance.now()
          this.#reading = false
        })
    }
    return this.#value
  }

  async write(value: T, by: Parameters<Ledger['documents']['put']>[3]): Promise<void> {
    await this.#ledger.documents.put(this.#kind, this.#id, value, by)
    this.#value = value
    this.#readAt = performance.now()
  }
}
