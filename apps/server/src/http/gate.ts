import { FirebreakError } from '@firebreak/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { COOKIE_PREFIX } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { isPermission, type Permission } from '../access/permissions.ts'
import type { Instance } from '../instance/instance.ts'
import { refuseCrossSite } from './safety.ts'

/** What a route asks of its caller. `anonymous` exists for health and sign-in alone. */
export type Needs = Permission | 'signed-in' | 'anonymous'

export interface RouteEntry {
  readonly method: string
  readonly url: string
  readonly needs: Needs
}

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: Needs
  }
  interface FastifyRequest {
    instance: Instance | null
    caller: Caller | null
  }
  interface FastifyInstance {
    /** Every route with what it needs; tested against the permission table. */
    routeEntries: RouteEntry[]
  }
}

/** One address space: `` or `/own`, with the instance behind it (null while it was never opened). */
export interface Mount {
  readonly base: '' | '/own'
  /** `credentialed`: the request brings something to check, so that a store not yet opened may be opened for it. */
  readonly instance: (credentialed: boolean) => Promise<Instance | null>
}

/** Registers every route in the list and refuses to start with one that names no need. */
export function listRoutes(app: FastifyInstance): void {
  app.decorate('routeEntries', [])
  app.decorateRequest('instance', null)
  app.decorateRequest('caller', null)
  app.addHook('onRoute', (route) => {
    const needs = route.config?.needs
    if (needs === undefined) throw new FirebreakError('internal/fault', [`route ${route.url} names no permission`])
    for (const method of [route.method].flat()) app.routeEntries.push({ method, url: route.url, needs })
  })
}

/** Settles who asks and whether they may, before a body is read. */
export function guardRoutes(app: FastifyInstance, mount: Mount): void {
  app.addHook('onRequest', async (request, reply) => {
    const needs = request.routeOptions.config.needs ?? 'signed-in'
    request.instance = await mount.instance(isCredentialed(request))
    if (needs === 'anonymous') return
    const caller = await callerOf(request)
    if (!caller) return refuse(request, reply, mount)
    request.caller = caller
    if (caller.byCookie) refuseCrossSite(request)
    if (isPermission(needs) && !caller.permissions.has(needs)) throw new FirebreakError('access/denied', [needs])
  })
}

function isCredentialed({ headers }: FastifyRequest): boolean {
  return (
    headers.authorization !== undefined ||
    headers['x-api-key'] !== undefined ||
    (headers.cookie ?? '').includes(COOKIE_PREFIX)
  )
}

async function callerOf(request: FastifyRequest): Promise<Caller | null> {
  const access = request.instance?.access
  if (!access) return null
  const header = request.headers.authorization ?? keyHeader(request)
  if (header !== undefined) {
    const token = /^Bearer ([\w-]{16,200})$/.exec(header)?.[1]
    return token === undefined ? null : access.callerOfKey(token)
  }
  const cookie = request.cookies[access.cookieName]
  return cookie !== undefined && cookie.length <= 200 ? access.callerOfSession(cookie) : null
}

/** Clients of other systems' doors send their key this way. */
function keyHeader({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key']
  return typeof key === 'string' ? `Bearer ${key}` : undefined
}

/** A person who opens a page is led to the sign-in page; everybody else gets the problem. */
function refuse(request: FastifyRequest, reply: FastifyReply, mount: Mount): FastifyReply {
  const page = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
  if (page && !request.url.startsWith(`${mount.base}/v1/`)) return reply.redirect(`${mount.base}/sign-in`, 303)
  throw new FirebreakError('access/required')
}

/** The instance and caller of a guarded route. */
export function signedIn(request: FastifyRequest): { instance: Instance; caller: Caller } {
  const { instance, caller } = request
  if (!instance || !caller) throw new FirebreakError('access/required')
  return { instance, caller }
}
