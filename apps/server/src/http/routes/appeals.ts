import type { Appeal, AppealView } from '@firebreak/enforcement'
import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import { pseudonymsFrom } from '@firebreak/networks'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { appealPage, noAppealPage } from '../appeal-page.ts'
import { signedIn } from '../gate.ts'
import type { RouteContext } from './index.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const token = z.string().min(1).max(200)
const statement = z.string().trim().min(1).max(10_000)
const form = z.strictObject({ token, statement, victim: z.enum(['yes']).optional() })
const decision = z.strictObject({
  outcome: z.enum(['upheld', 'overturned']),
  reason: z.string().trim().min(1).max(2_000),
  removeLinks: z.array(z.string().min(1).max(40)).max(20).optional(),
})

/** Appeals: a page behind a personal link for the affected person, and the desk of those who decide. */
export function appealRoutes(app: App, { mount }: RouteContext): void {
  app.get(
    '/appeal',
    {
      config: { needs: 'anonymous' },
      schema: { summary: 'The appeal page behind a personal link', querystring: z.object({ token }) },
    },
    async (request, reply) => {
      const view = await viewFor(request, request.query.token)
      if (view === null) return reply.code(404).type('text/html; charset=utf-8').send(noAppealPage())
      return reply.type('text/html; charset=utf-8').send(appealPage(mount.base, request.query.token, view))
    },
  )

  app.post(
    '/appeal',
    { config: { needs: 'anonymous' }, schema: { summary: 'Appeal', body: form } },
    async (request, reply) => {
      const { token, statement, victim } = request.body
      await desk(request).submit(token, victim === 'yes' ? 'victim' : 'sanction', statement)
      return reply.redirect(`${mount.base}/appeal?token=${encodeURIComponent(token)}`, 303)
    },
  )

  app.get(
    '/v1/appeals',
    { config: { needs: 'appeals' }, schema: { summary: 'Open appeals, the longest waiting first' } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const open = await instance.enforcement.appeals.open(caller.permissions.has('review:child-safety'))
      return { appeals: open.map((appeal) => listed(appeal, instance.secrets.pseudonyms)) }
    },
  )

  app.get(
    '/v1/appeals/:id',
    { config: { needs: 'appeals' }, schema: { summary: 'One appeal with what the person wrote (logged)', params } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { appeal, ...rest } = await instance.enforcement.appeals.read(
        request.params.id,
        caller.principal,
        caller.permissions.has('review:child-safety'),
      )
      return { ...listed(appeal, instance.secrets.pseudonyms), ...rest }
    },
  )

  app.post(
    '/v1/appeals/:id/decision',
    {
      config: { needs: 'appeals' },
      schema: { summary: 'Decide, as somebody who had no part in it', params, body: decision },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const childSafety = caller.permissions.has('review:child-safety')
      const decided = await instance.enforcement.appeals.decide(
        request.params.id,
        request.body,
        caller.principal,
        childSafety,
      )
      await instance.guard.refresh()
      return listed(decided, instance.secrets.pseudonyms)
    },
  )
}

function desk(request: FastifyRequest) {
  if (!request.instance) throw new FirebreakError('http/not-found', ['appeal behind this link'])
  return request.instance.enforcement.appeals
}

/** Null for a person with a link that leads nowhere, who gets a page; a program gets the problem. */
async function viewFor(request: FastifyRequest, token: string): Promise<AppealView | null> {
  try {
    return await desk(request).view(token)
  } catch (error) {
    const lost = isFirebreakError(error) && error.code === 'http/not-found'
    if (lost && (request.headers.accept ?? '').includes('text/html')) return null
    throw error
  }
}

function listed(appeal: Appeal, key: Uint8Array) {
  return { ...appeal, account: pseudonymsFrom(key)(appeal.account), openedAt: new Date(appeal.openedAt).toISOString() }
}
