import { type MockAnswer, type MockRequest, type MockServer, openMock } from './mock-server.ts'

export interface StopNciiRecord {
  lastModtimestamp: number
  signalType: string
  hashValue: string
  hashStatus: string
  caseNumbers?: Record<string, string>
  CSPFeedbacks?: { source: string; feedbackValue: string; tags?: string[] }[]
}

export interface StopNciiMock extends MockServer {
  readonly records: unknown[]
  readonly feedback: { hashValue: string; feedbackValue: string }[]
  expirePages(): void
}

/** StopNCII's API as its open client speaks it: two keys in headers, sets by time, pages by token. */
export async function openStopNcii(): Promise<StopNciiMock> {
  const records: unknown[] = []
  const feedback: { hashValue: string; feedbackValue: string }[] = []
  let era = 0
  const answer = ({ method, path, query, headers, body }: MockRequest): MockAnswer => {
    if (headers['ocp-apim-subscription-key'] !== 'subscription') return { status: 401 }
    if (path === '/FetchHashes' && headers['x-functions-key'] === 'fetch-key') return page(query)
    if (path === '/SubmitFeedback' && method === 'POST' && headers['x-functions-key'] === 'feedback-key') {
      const given = JSON.parse(body) as { count: number; hashFeedbacks: { hashValue: string; feedbackValue: string }[] }
      if (given.count !== given.hashFeedbacks.length) return { status: 400 }
      feedback.push(...given.hashFeedbacks)
      return { body: '{}' }
    }
    return { status: 401 }
  }
  const page = (query: URLSearchParams): MockAnswer => {
    const since = Number(query.get('startTimestamp'))
    const size = Number(query.get('pageSize'))
    if (!(since > 0) || !(size > 0 && size <= 800)) return { status: 400 }
    const token = query.get('nextPageToken')
    const [tokenEra, start = 0] = (token ?? `${era}:0`).split(':').map(Number)
    if (tokenEra !== era) return { status: 400 }
    const set = records.filter(
      (record) => ((record as Partial<StopNciiRecord> | null)?.lastModtimestamp ?? since) >= since,
    )
    const part = set.slice(start, start + size)
    const more = start + size < set.length
    const times = set.map((record) => (record as Partial<StopNciiRecord> | null)?.lastModtimestamp ?? 0)
    return {
      body: JSON.stringify({
        ...{ count: part.length, nextPageToken: more ? `${era}:${start + size}` : null },
        ...{ nextSetTimestamp: Math.max(since - 1, ...times) + 1, hasMoreRecords: more, hashRecords: part },
      }),
    }
  }
  const server = await openMock(answer)
  return { ...server, records, feedback, expirePages: () => void era++ }
}
