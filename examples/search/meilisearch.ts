import type { Found, SearchEngine } from './guarded-search.ts'

/**
 * Meilisearch: `eligible` is a filterable attribute, asked with every search. It has no suggester; completions are searches over an
 * index of past queries (`query`, `eligible`), which this class takes as its second index.
 */
export class MeilisearchEngine implements SearchEngine {
  readonly #url: string
  readonly #key: string
  readonly #index: string
  readonly #queries: string

  constructor(url: string, key: string, index: string, queries: string) {
    this.#url = url.replace(/\/$/, '')
    this.#key = key
    this.#index = index
    this.#queries = queries
  }

  /** Makes `eligible` filterable in both indexes; settings are applied by the engine's own queue. */
  async prepare(): Promise<void> {
    for (const index of [this.#index, this.#queries])
      await this.#ask('PUT', `/indexes/${index}/settings/filterable-attributes`, ['eligible'])
  }

  async search(query: string, limit: number): Promise<Found[]> {
    const { hits } = await this.#ask<{ hits: Found[] }>('POST', `/indexes/${this.#index}/search`, {
      q: query,
      limit,
      filter: 'eligible = true',
      attributesToRetrieve: ['id', 'author', 'text'],
    })
    return hits
  }

  async suggest(prefix: string, limit: number): Promise<string[]> {
    const { hits } = await this.#ask<{ hits: { query: string }[] }>('POST', `/indexes/${this.#queries}/search`, {
      q: prefix,
      limit,
      filter: 'eligible = true',
      attributesToRetrieve: ['query'],
    })
    return hits.map(({ query }) => query)
  }

  async #ask<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status}`)
    return (await response.json()) as T
  }
}
