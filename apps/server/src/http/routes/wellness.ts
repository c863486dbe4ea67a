import { randomBytes } from 'node:crypto'
import { refSchema } from '@firebreak/intake'
import { DAY, FirebreakError, MINUTE } from '@firebreak/kernel'
import {
  lookUp,
  markVictim,
  openLookups,
  ownWellness,
  preferenceSchema,
  reviewLookup,
  storePreferences,
  takeBreak,
  teamWellness,
} from '@firebreak/review'
import { z } from 'zod'
import { reviewerOf } from '../../access/reviewer.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const LOOK_BACK = 30 * DAY

/** A person's own exposure and ways of working; the team's only as a whole. Look-ups and their review. */
export function wellnessRoutes(app: App): void {
  app.get(
    '/v1/wellness/me',
    { config: { needs: 'review' }, schema: { summary: 'Own exposure today; nobody else sees it' } },
    (request) => {
      const { instance, caller } = signedIn(request)
      return ownWellness(instance.ledger.db, caller.principal.id, instance.reports.desk.budgets, instance.clock())
    },
  )

  app.put(
    '/v1/wellness/me',
    { config: { needs: 'review' }, schema: { summary: 'Own preferences', body: preferenceSchema } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await storePreferences(instance.ledger.db, caller.principal.id, request.body, instance.clock())
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/wellness/me/break',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'Step away; no reason asked',
        body: z.strictObject({ minutes: z.number().int().min(1).max(480) }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const until = instance.clock() + request.body.minutes * MINUTE
      await takeBreak(instance.ledger.db, caller.principal.id, until, instance.clock())
      return { until: new Date(until).toISOString() }
    },
  )

  app.get(
    '/v1/wellness/team',
    { config: { needs: 'review:manage' }, schema: { summary: 'Exposure of the whole team by day, nobody by name' } },
    async (request) => {
      const { instance } = signedIn(request)
      const since = instance.clock() - LOOK_BACK
      return { days: await teamWellness(instance.ledger.db, since, instance.reports.desk.budgets) }
    },
  )

  lookupRoutes(app)
}

function lookupRoutes(app: App): void {
  app.put(
    '/v1/victims',
    {
      config: { needs: 'review:child-safety' },
      schema: {
        summary: 'Mark an account as a victim’s, or take the mark back; listed nowhere',
        body: z.strictObject({ account: z.string().min(1).max(256), marked: z.boolean() }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await markVictim(instance.ledger, request.body.account, request.body.marked, reviewerOf(caller))
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/lookups',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'What is on file about a subject; without a job in hand it needs a purpose and is reviewed',
        body: z.strictObject({ subject: refSchema, purpose: z.string().trim().max(500).default('') }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      const { subject, purpose } = request.body
      const id = randomBytes(12).toString('base64url')
      return lookUp(instance.ledger, reviewerOf(caller), subject, purpose, id)
    },
  )

  app.get(
    '/v1/lookups',
    {
      config: { needs: 'review:manage' },
      schema: { summary: 'Look-ups without a job that wait for review, and counts' },
    },
    (request) => {
      const { instance } = signedIn(request)
      return openLookups(instance.ledger.db, instance.clock(), 200)
    },
  )

  app.post(
    '/v1/lookups/:id/review',
    {
      config: { needs: 'review:manage' },
      schema: {
        summary: 'Was it in order? Not for an own look-up',
        params,
        body: z.strictObject({ inOrder: z.boolean() }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const reviewed = await reviewLookup(instance.ledger, request.params.id, reviewerOf(caller), request.body.inOrder)
      if (!reviewed) throw new FirebreakError('http/not-found', ['look-up of somebody else with that id'])
      return reply.code(204).send()
    },
  )
}
