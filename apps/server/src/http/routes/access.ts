import { FirebreakError } from '@firebreak/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { SESSION_LIFE } from '../../access/access.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'
import { refuseCrossSite } from '../safety.ts'
import { signInPage } from '../sign-in-page.ts'
import type { RouteContext } from './index.ts'

const credentials = z.strictObject({
  name: z.string().min(1).max(200),
  password: z.string().min(1).max(1_024),
  code: z.string().max(16),
})

/** Signing in (by link, or with password and code) and out. */
export function accessRoutes(app: App, { mount }: RouteContext): void {
  const { base } = mount
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 8_192 },
    (_r, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  app.get(
    '/sign-in',
    {
      config: { needs: 'anonymous' },
      schema: {
        summary: 'Sign in with a one-time link, or see the form',
        querystring: z.object({ token: z.string().max(200).optional() }),
      },
    },
    async (request, reply) => {
      const { token } = request.query
      if (token === undefined) return sendPage(reply, base)
      try {
        if (!request.instance) throw new FirebreakError('access/link')
        setSession(request, reply, base, await request.instance.access.redeem(token))
      } catch (error) {
        if (error instanceof FirebreakError && error.code === 'access/link') return sendPage(reply, base, error)
        throw error
      }
      return reply.redirect(`${base}/`, 303)
    },
  )

  app.post(
    '/sign-in',
    { config: { needs: 'anonymous' }, schema: { summary: 'Sign in with password and code', body: credentials } },
    async (request, reply) => {
      refuseCrossSite(request)
      const { instance, body } = request
      const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
      try {
        if (!instance) throw new FirebreakError('access/refused')
        setSession(request, reply, base, await instance.access.signIn(body.name, body.password, body.code))
      } catch (error) {
        if (form && error instanceof FirebreakError && error.status < 500) return sendPage(reply, base, error)
        throw error
      }
      return form ? reply.redirect(`${base}/`, 303) : reply.code(204).send()
    },
  )

  app.post(
    '/v1/sign-out',
    { config: { needs: 'signed-in' }, schema: { summary: 'End this session' } },
    async (request, reply) => {
      const { instance } = signedIn(request)
      const token = request.cookies[instance.access.cookieName]
      if (token !== undefined) await instance.access.signOut(token)
      return reply
        .clearCookie(instance.access.cookieName, { path: `${base}/` })
        .code(204)
        .send()
    },
  )
}

function setSession(request: FastifyRequest, reply: FastifyReply, base: string, token: string): void {
  reply.setCookie(request.instance!.access.cookieName, token, {
    httpOnly: true,
    sameSite: 'strict',
    path: `${base}/`,
    secure: request.protocol === 'https',
    maxAge: SESSION_LIFE / 1_000,
  })
}

function sendPage(reply: FastifyReply, base: string, error?: FirebreakError): FastifyReply {
  return reply
    .code(error?.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(signInPage(base, error?.message))
}
