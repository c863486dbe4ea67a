import { FirebreakError } from '@firebreak/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Styles may be inline because the console's component library writes them; scripts may not. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
}

/** Names by which this machine may be asked for; any other name in Host is somebody's attempt to rebind one. */
export const LOCAL_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** Headers on every answer, a request id of our own, and no service under a foreign name. */
export function protect(app: FastifyInstance, names: readonly string[]): void {
  const allowed = new Set(names.map((name) => name.toLowerCase()))
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS)
    reply.header('x-request-id', request.id)
    reply.header('cache-control', 'no-store')
    if (allowed.has(hostName(request))) done()
    else done(new FirebreakError('http/host'))
  })
}

function hostName(request: FastifyRequest): string {
  return (request.headers.host ?? '').replace(/:\d{1,5}$/, '').toLowerCase()
}

/**
 * A change made with a cookie must come from a page of this very origin. SameSite=Strict already says so to browsers;
 * other ports of this machine count as the same site, hence the look at Origin and Sec-Fetch-Site.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const foreignOrigin = origin !== undefined && originHost(origin) !== request.headers.host?.toLowerCase()
  if (foreignSite || foreignOrigin) throw new FirebreakError('http/cross-site')
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null
}
