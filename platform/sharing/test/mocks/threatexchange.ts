import { type MockAnswer, type MockRequest, type MockServer, openMock } from './mock-server.ts'

export interface TeUpdate {
  readonly id: string
  indicator?: string
  type?: string
  last_updated: number
  should_delete?: boolean
  descriptors?: { data: unknown[] }
}

export interface ThreatExchangeMock extends MockServer {
  readonly updates: TeUpdate[]
  /** Descriptors that were uploaded. */
  readonly uploads: Record<string, string>[]
  expirePages(): void
}

/** ThreatExchange's threat_updates of one privacy group, and the upload of an own descriptor. */
export async function openThreatExchange(): Promise<ThreatExchangeMock> {
  const updates: TeUpdate[] = []
  const uploads: Record<string, string>[] = []
  let era = 0
  const answer = ({ method, path, query, body }: MockRequest): MockAnswer => {
    if (query.get('access_token') !== 'app|token')
      return { status: 400, body: '{"error":{"type":"OAuthException","code":190}}' }
    if (path === '/555/threat_updates/') return page(query)
    if (path === '/threat_descriptors/' && method === 'POST') {
      const given = Object.fromEntries(new URLSearchParams(body))
      for (const needed of ['indicator', 'type', 'status', 'description', 'share_level', 'privacy_type'])
        if (!given[needed]) return { status: 400 }
      uploads.push(given)
      return { body: JSON.stringify({ success: true, id: String(uploads.length) }) }
    }
    return { status: 404 }
  }
  const page = (query: URLSearchParams): MockAnswer => {
    const [start, stop] = [Number(query.get('start_time')), Number(query.get('stop_time'))]
    const types = JSON.parse(query.get('types') ?? '[]') as string[]
    const size = Number(query.get('limit'))
    const [afterEra, from = 0] = (query.get('after') ?? `${era}:0`).split(':').map(Number)
    if (afterEra !== era) return { status: 400, body: '{"error":{"message":"cursor"}}' }
    const range = updates
      .filter(
        ({ last_updated, type }) =>
          last_updated > start && last_updated <= stop && (type === undefined || types.includes(type)),
      )
      .sort((a, b) => a.last_updated - b.last_updated)
    const more = from + size < range.length
    return {
      body: JSON.stringify({
        data: range.slice(from, from + size),
        paging: {
          cursors: { after: `${era}:${from + size}` },
          ...(more ? { next: 'https://graph.example/next' } : {}),
        },
      }),
    }
  }
  const server = await openMock(answer)
  return { ...server, updates, uploads, expirePages: () => void era++ }
}
