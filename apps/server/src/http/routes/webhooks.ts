import { randomBytes } from 'node:crypto'
import { FirebreakError } from '@firebreak/kernel'
import {
  createEndpoint,
  DANGER_EVENT,
  disableEndpoint,
  listDeliveries,
  listEndpoints,
  OUTCOME_EVENT,
  replayDead,
} from '@firebreak/review'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(200) })
const type = z.string().regex(/^org\.firebreak\.[a-z0-9.-]{1,80}$/)
const made = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  types: z.array(type).min(1).max(50).default([OUTCOME_EVENT, DANGER_EVENT]),
})
const query = z.object({
  state: z.enum(['waiting', 'delivered', 'dead']).optional(),
  endpoint: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** Outgoing webhooks: endpoints, the log of deliveries, dead letters back into the line. */
export function webhookRoutes(app: App): void {
  app.get(
    '/v1/webhooks',
    { config: { needs: 'review:manage' }, schema: { summary: 'Endpoints' } },
    async (request) => ({
      endpoints: await listEndpoints(signedIn(request).instance.ledger.db),
    }),
  )

  app.post(
    '/v1/webhooks',
    {
      config: { needs: 'review:manage' },
      schema: { summary: 'Add an endpoint; its signing secret is shown this once', body: made },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const id = randomBytes(9).toString('base64url')
      const secret = `whsec_${randomBytes(32).toString('base64')}`
      const sealedSecret = instance.secrets.seal(secret)
      await createEndpoint(instance.ledger, { id, ...request.body, sealedSecret }, caller.principal)
      return reply.code(201).send({ id, ...request.body, secret })
    },
  )

  app.delete(
    '/v1/webhooks/:id',
    { config: { needs: 'review:manage' }, schema: { summary: 'Send nothing there any more', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      if (!(await disableEndpoint(instance.ledger, request.params.id, caller.principal)))
        throw new FirebreakError('http/not-found', ['endpoint in use with that id'])
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/webhooks/deliveries',
    { config: { needs: 'review:manage' }, schema: { summary: 'The delivery log, newest first', querystring: query } },
    async (request) => {
      const { state, endpoint, limit } = request.query
      const asked = {
        limit,
        ...(state === undefined ? {} : { state }),
        ...(endpoint === undefined ? {} : { endpoint }),
      }
      return { deliveries: await listDeliveries(signedIn(request).instance.ledger.db, asked) }
    },
  )

  app.post(
    '/v1/webhooks/replay',
    {
      config: { needs: 'review:manage' },
      schema: {
        summary: 'Put dead letters back into the line: all, or one',
        body: z.strictObject({ id: z.string().max(200).optional() }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { replayed: await replayDead(instance.ledger, request.body.id ?? null, caller.principal) }
    },
  )
}
