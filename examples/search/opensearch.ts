import type { Found, SearchEngine } from './guarded-search.ts'

/**
 * OpenSearch and Elasticsearch. Documents carry `eligible`, set when they are indexed: the query filters on it, the completion field
 * has it as a context, because a completion suggester takes no filter query.
 */
export class OpenSearchEngine implements SearchEngine {
  readonly #url: string
  readonly #index: string

  constructor(url: string, index: string) {
    this.#url = url.replace(/\/$/, '')
    this.#index = index
  }

  /** Makes the index. */
  async create(): Promise<void> {
    await this.#ask('PUT', '', {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        properties: {
          author: { type: 'keyword' },
          text: { type: 'text' },
          eligible: { type: 'boolean' },
          suggest: { type: 'completion', contexts: [{ name: 'eligible', type: 'category' }] },
        },
      },
    })
  }

  async add(documents: readonly (Found & { readonly eligible: boolean })[]): Promise<void> {
    const lines = documents.flatMap(({ id, author, text, eligible }) => [
      { index: { _id: id } },
      { author, text, eligible, suggest: { input: [text], contexts: { eligible: [String(eligible)] } } },
    ])
    await this.#ask('POST', '/_bulk?refresh=true', lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }

  async search(query: string, limit: number): Promise<Found[]> {
    const { hits } = await this.#ask<{ hits: { hits: { _id: string; _source: Omit<Found, 'id'> }[] } }>(
      'POST',
      '/_search',
      {
        size: limit,
        query: { bool: { must: [{ match: { text: query } }], filter: [{ term: { eligible: true } }] } },
        _source: ['text', 'author'],
      },
    )
    return hits.hits.map(({ _id, _source }) => ({ id: _id, ..._source }))
  }

  async suggest(prefix: string, limit: number): Promise<string[]> {
    const { suggest } = await this.#ask<{ suggest: { texts: { options: { text: string }[] }[] } }>('POST', '/_search', {
      _source: false,
      suggest: {
        texts: {
          prefix,
          completion: { field: 'suggest', size: limit, skip_duplicates: true, contexts: { eligible: ['true'] } },
        },
      },
    })
    return suggest.texts.flatMap(({ options }) => options.map(({ text }) => text))
  }

  async remove(): Promise<void> {
    await this.#ask('DELETE', '')
  }

  async #ask<T>(method: string, path: string, body?: object | string): Promise<T> {
    const response = await fetch(`${this.#url}/${this.#index}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`)
    const answer = (await response.json()) as T & { errors?: boolean }
    if (answer.errors === true) throw new Error('some documents were not indexed')
    return answer
  }
}
