import { type MockAnswer, type MockRequest, type MockServer, openMock } from './mock-server.ts'

export interface ArachnidMock extends MockServer {
  /** Base64 of hashes that it knows. */
  readonly known: Map<string, { classification: string; match_type: 'exact' | 'near' }>
}

/** Arachnid Shield's PDQ question. */
export async function openArachnid(): Promise<ArachnidMock> {
  const known = new Map<string, { classification: string; match_type: 'exact' | 'near' }>()
  const answer = ({ method, path, headers, body }: MockRequest): MockAnswer => {
    if (headers.authorization !== `Basic ${Buffer.from('user:secret').toString('base64')}`)
      return { status: 401, body: '{"detail":"no"}' }
    if (path !== '/v1/pdq/' || method !== 'POST') return { status: 404 }
    const { hashes } = JSON.parse(body) as { hashes: string[] }
    if (hashes.some((hash) => Buffer.from(hash, 'base64').length !== 32))
      return { status: 400, body: '{"detail":"bad hash"}' }
    const nothing = { classification: 'no-known-match', match_type: null, near_match_details: [] }
    const scanned = hashes.map((hash) => [hash, { ...nothing, ...known.get(hash) }] as const)
    return { body: JSON.stringify({ scanned_hashes: Object.fromEntries(scanned) }) }
  }
  return { ...(await openMock(answer)), known }
}
