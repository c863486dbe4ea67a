import { refSchema } from '@firebreak/intake'
import { DAY, FirebreakError } from '@firebreak/kernel'
import { type LabelInput, MACHINE_LABELS } from '@firebreak/ledger'
import { z } from 'zod'
import { takeEvents } from '../../instance/take-events.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const MOST_EVENTS = 5_000
const EVENTS_LIMIT = 8 * 1_048_576
const LABEL_LIFE = 30 * DAY
/** Thirty days, and room for a clock that runs ahead. */
const LONGEST_LIFE = 31 * DAY

const eventBatch = z.union([
  z.array(z.unknown()).max(MOST_EVENTS),
  z.strictObject({ events: z.array(z.unknown()).max(MOST_EVENTS) }),
])
const label = z.strictObject({
  subject: refSchema,
  value: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .refine((value) => !MACHINE_LABELS.has(value), "is written by Firebreak's own detectors alone"),
  reason: z.string().min(1).max(2_000),
  source: z
    .string()
    .regex(/^platform(:[\w.-]{1,100})?$/, 'is "platform" or "platform:NAME"; other sources are Firebreak\'s own')
    .optional(),
  caseId: z.string().min(1).max(100).optional(),
  probability: z.number().min(0).max(1).optional(),
  evidence: z.json().optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
})
const labelBatch = z.union([label, z.strictObject({ labels: z.array(label).min(1).max(MOST_EVENTS) })])
const params = z.object({ id: z.string().min(1).max(100) })

/** Events and labels from the platform: checked and keyed at the edge, acknowledged after the durable write. */
export function intakeRoutes(app: App): void {
  app.post(
    '/v1/events',
    {
      config: { needs: 'events:write' },
      bodyLimit: EVENTS_LIMIT,
      schema: {
        summary: 'A batch of events; each is accepted, a duplicate, or rejected with a code',
        body: eventBatch,
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const items = Array.isArray(request.body) ? request.body : request.body.events
      return { results: await takeEvents(instance, items, caller.principal) }
    },
  )

  app.post(
    '/v1/labels',
    {
      config: { needs: 'labels:write' },
      schema: { summary: 'Label subjects; 30 days unless said otherwise', body: labelBatch },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const given = 'labels' in request.body ? request.body.labels : [request.body]
      const now = instance.clock()
      const inputs = given.map((one) => labelInput(one, now, `${caller.principal.kind}:${caller.principal.id}`))
      const labels = await instance.ledger.labels.apply(inputs, caller.principal)
      await instance.guard.refresh()
      return reply.code(201).send({ labels: labels.map(({ id, seq, expiresAt }) => ({ id, seq, expiresAt })) })
    },
  )

  app.delete(
    '/v1/labels/:id',
    { config: { needs: 'labels:write' }, schema: { summary: 'Take a label back', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const taken = await instance.ledger.labels.retract([request.params.id], caller.principal, 'taken back')
      if (taken === 0) throw new FirebreakError('http/not-found', ['label in force with that id'])
      await instance.guard.refresh()
      return reply.code(204).send()
    },
  )
}

function labelInput(given: z.infer<typeof label>, now: number, writer: string): LabelInput {
  const { source, expiresAt, caseId, probability, evidence, ...rest } = given
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
    throw new FirebreakError('input/invalid', ['expiresAt lies in the past'])
  if (expiresAt !== undefined && Date.parse(expiresAt) > now + LONGEST_LIFE)
    throw new FirebreakError('input/invalid', ['a label lasts 30 days at most; renew it on new evidence'])
  return {
    ...rest,
    source: source ?? writer,
    expiresAt: expiresAt ?? new Date(now + LABEL_LIFE).toISOString(),
    ...(caseId === undefined ? {} : { caseId }),
    ...(probability === undefined ? {} : { probability }),
    ...(evidence === undefined ? {} : { evidence }),
  }
}
