import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with the next request: an answer instead of the right one, half of it, or none although it was done. */
export type Fault = { readonly status: number; readonly retryAfter?: string } | 'half' | 'lost-reply'

export interface MockRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface MockAnswer {
  readonly status?: number
  readonly type?: string
  readonly body?: string
}

export interface MockServer {
  readonly url: string
  readonly requests: MockRequest[]
  /** Faults of the next requests, in order; null: the next one goes well. */
  readonly faults: (Fault | null)[]
  close(): Promise<void>
}

/** A server on this machine that answers as `answer` says, with faults put in on demand. */
export async function openMock(answer: (request: MockRequest) => MockAnswer, port = 0): Promise<MockServer> {
  const requests: MockRequest[] = []
  const faults: (Fault | null)[] = []
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((request) => {
      requests.push(request)
      const fault = faults.shift() ?? null
      if (fault !== null && typeof fault === 'object') return refuse(outgoing, fault)
      const { status = 200, type = 'application/json', body = '' } = answer(request)
      // The deed is done; only the reply does not arrive.
      if (fault === 'lost-reply') return outgoing.destroy()
      const bytes = Buffer.from(body)
      const sent = fault === 'half' ? bytes.subarray(0, bytes.length >> 1) : bytes
      outgoing.writeHead(status, { 'content-type': type, 'content-length': sent.length })
      outgoing.end(sent)
    })
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

async function read(incoming: IncomingMessage): Promise<MockRequest> {
  const parts: Uint8Array[] = []
  for await (const part of incoming) parts.push(part as Uint8Array)
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://mock')
  const { method = 'GET', headers } = incoming
  return { method, headers, path: pathname, query: searchParams, body: Buffer.concat(parts).toString('utf8') }
}

function refuse(outgoing: ServerResponse, { status, retryAfter }: { status: number; retryAfter?: string }): void {
  outgoing.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  outgoing.end()
}
