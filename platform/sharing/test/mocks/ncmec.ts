import { type MockAnswer, type MockRequest, type MockServer, openMock } from './mock-server.ts'

export interface NcmecRecord {
  readonly member: number
  readonly id: string
  readonly video?: boolean
  /** Seconds since 1970. */
  timestamp: number
  deleted?: boolean
  classification?: string
  fingerprints: Record<string, string>
  affirmative?: number[]
  negative?: number[]
}

export interface NcmecMock extends MockServer {
  readonly records: NcmecRecord[]
  /** Feedback as it arrived: `member/id/TYPE affirmative|negative`. */
  readonly feedback: string[]
  /** Makes every page address given so far unknown. */
  expirePages(): void
}

const NAMESPACE = 'https://hashsharing.ncmec.org/hashsharing/v2'
const REASON = '01234567-abcd-0123-4567-012345678900'

/**
 * NCMEC's hash sharing v2 as documented and as the open client reads it: Basic credentials, ranges of time, pages whose addresses
 * are relative and run out, records in no order of time, tombstones, feedback by PUT.
 */
export async function openNcmec({
  pageSize = 1000,
  port = 0,
}: {
  pageSize?: number
  port?: number
} = {}): Promise<NcmecMock> {
  const records: NcmecRecord[] = []
  const feedback: string[] = []
  let era = 0
  const answer = (request: MockRequest): MockAnswer => {
    if (request.headers.authorization !== `Basic ${Buffer.from('user:secret').toString('base64')}`)
      return { status: 401 }
    const { method, path, query, body } = request
    if (path === '/v2/status')
      return xml(
        `<status xmlns="${NAMESPACE}"><ipAddress>127.0.0.1</ipAddress><username>user</username><member id="1">Sir Bobby</member></status>`,
      )
    if (path === '/v2/members')
      return xml(
        `<members xmlns="${NAMESPACE}"><member id="1">Sir Bobby</member><member id="7">Seven</member></members>`,
      )
    if (/^\/v2\/feedback\/\w+\/reasons$/.test(path))
      return xml(
        `<getFeedbackReasonsResponse xmlns="${NAMESPACE}"><availableFeedbackReasons type="PDQ"><reason guid="${REASON}" name="Sir Bobby" type="PDQ"/></availableFeedbackReasons></getFeedbackReasonsResponse>`,
      )
    const voted = /^\/v2\/entries\/(\d+)\/([^/]+)\/(\w+)\/feedback$/.exec(path)
    if (voted && method === 'PUT') {
      const negative = body.includes('<negative>')
      if (
        !body.includes(NAMESPACE) ||
        (negative && !body.includes(REASON)) ||
        (!negative && !body.includes('affirmative'))
      )
        return { status: 400 }
      feedback.push(`${voted[1]}/${decodeURIComponent(voted[2]!)}/${voted[3]} ${negative ? 'negative' : 'affirmative'}`)
      return xml(`<result xmlns="${NAMESPACE}"/>`)
    }
    if (path !== '/v2/entries') return { status: 404 }
    if (query.has('start') && query.get('era') !== String(era)) return { status: 410 }
    return page(query)
  }
  const page = (query: URLSearchParams): MockAnswer => {
    const from = Date.parse(query.get('from') ?? '') / 1000
    const to = Date.parse(query.get('to') ?? '') / 1000
    if (Number.isNaN(from) || Number.isNaN(to)) return { status: 400 }
    // In the order of their arrival here, which is not that of their times.
    const range = records.filter(({ timestamp }) => timestamp >= from && timestamp < to)
    const start = Number(query.get('start') ?? 0)
    const part = range.slice(start, start + pageSize)
    const more = start + pageSize < range.length
    const next = `/v2/entries?from=${query.get('from')}&to=${query.get('to')}&start=${start + pageSize}&size=${pageSize}&max=${range.length}&era=${era}`
    return xml(
      `<queryResult xmlns="${NAMESPACE}"><images count="${part.length}" maxTimestamp="${iso(to)}">${part
        .filter(({ video }) => !video)
        .map(entry)
        .join('')}</images>` +
        `<videos count="0" maxTimestamp="${iso(to)}">${part
          .filter(({ video }) => video)
          .map(entry)
          .join('')}</videos>` +
        `${more ? `<paging><next>${next.replaceAll('&', '&amp;')}</next></paging>` : ''}</queryResult>`,
    )
  }
  const server = await openMock(answer, port)
  return { ...server, records, feedback, expirePages: () => void era++ }
}

function entry({
  member,
  id,
  video,
  timestamp,
  deleted,
  classification,
  fingerprints,
  affirmative,
  negative,
}: NcmecRecord): string {
  const kind = video ? 'video' : 'image'
  const tag = deleted ? `deleted${kind[0]!.toUpperCase()}${kind.slice(1)}` : kind
  const head = `<member id="${member}">member ${member}</member><timestamp>${iso(timestamp)}</timestamp><id>${id}</id>`
  if (deleted) return `<${tag}>${head}</${tag}>`
  const prints = Object.entries(fingerprints)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')
  const members = (ids: number[]) =>
    `<members>${ids.map((one) => `<member timestamp="${iso(timestamp)}" id="${one}">member ${one}</member>`).join('')}</members>`
  const votes =
    (affirmative
      ? `<affirmativeFeedback type="PDQ" lastUpdateTimestamp="${iso(timestamp)}">${members(affirmative)}</affirmativeFeedback>`
      : '') +
    (negative
      ? `<negativeFeedback type="PDQ" lastUpdateTimestamp="${iso(timestamp)}"><reasons><reason guid="${REASON}" name="Sir Bobby" type="PDQ"/>${members(negative)}</reasons></negativeFeedback>`
      : '')
  return `<${tag}>${head}${classification ? `<classification>${classification}</classification>` : ''}<fingerprints>${prints}</fingerprints>${votes === '' ? '' : `<feedback>${votes}</feedback>`}</${tag}>`
}

function xml(body: string): MockAnswer {
  return { type: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}` }
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
