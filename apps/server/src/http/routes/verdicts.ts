import { answeringVersion, PROBE_SUBJECTS, type VerdictRequest } from '@firebreak/guard'
import { contextSchema } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { ACTIONS, type ExplainedVerdict, PUBLIC_REASONS, publicVerdict, SURFACES } from '@firebreak/policy'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const MOST_SUBJECTS = 1_000
const id = z.string().min(1).max(256)
const subject = z
  .strictObject({
    type: z.string().min(1).max(32),
    id: id.optional(),
    text: z.string().max(10_000).optional(),
    author: id.optional(),
    connected: z.boolean().optional(),
  })
  .refine((one) => one.id !== undefined || one.text !== undefined, { message: 'needs an id or a text' })
const viewer = z.union([
  id,
  z.strictObject({ type: z.literal('account').optional(), id, recent: z.array(id).max(200).optional() }),
])
const ask = z.strictObject({
  surface: z.enum(SURFACES),
  viewer: viewer.optional(),
  context: contextSchema.optional(),
  subjects: z.array(subject).min(1).max(MOST_SUBJECTS),
})
const answer = z.object({
  policyVersion: z.string(),
  snapshot: z.string(),
  verdicts: z.array(
    z.object({
      action: z.enum(ACTIONS),
      reason: z.enum(PUBLIC_REASONS),
      factor: z.number().optional(),
      interstitial: z.object({ kind: z.enum(['stop', 'warn', 'resources']), variant: z.string() }).optional(),
      explanation: z.unknown().optional(),
    }),
  ),
})

type Answer = z.infer<typeof answer>

/** The question every surface asks before it connects somebody with something. */
export function verdictRoutes(app: App): void {
  app.post(
    '/v1/verdicts',
    {
      config: { needs: 'verdicts' },
      serializerCompiler: () => (data) => (typeof data === 'string' ? data : JSON.stringify(data)),
      schema: { summary: 'One verdict per subject, in the order asked', body: ask, response: { 200: answer } },
    },
    (request, reply): Answer => {
      const { instance, caller } = signedIn(request)
      const { surface, viewer: asked, subjects, context } = request.body
      const question: VerdictRequest = {
        surface,
        subjects,
        context,
        viewer: typeof asked === 'string' ? { id: asked } : asked,
      }
      const { snapshot } = instance.guard
      const head = { policyVersion: answeringVersion(snapshot), snapshot: String(snapshot.seq) }
      reply.type('application/json; charset=utf-8')
      const who = `${caller.principal.kind}:${caller.principal.id}`
      if (!instance.walks.mayAsk(who, question, instance.clock()))
        throw new FirebreakError('http/busy', ['This key has asked too many single questions in this minute'])
      if (!caller.permissions.has('explain'))
        return written(head, instance.walks.settle(who, question, instance.guard.judge(question), instance.clock()))
      const verdicts = instance.guard
        .explain(question)
        .map(({ verdict, explanation }) => ({ ...publicVerdict(verdict), explanation }))
      return { ...head, verdicts }
    },
  )
}

/** Answers to single questions come in sizes of this many bytes, so that their length tells nothing. */
const SIZE_CLASS = 512

/** The judge hands out few verdicts, frozen and shared; each is written out once and then copied as text. */
const texts = new WeakMap<ExplainedVerdict, string>()

function textOf(verdict: ExplainedVerdict): string {
  const known = texts.get(verdict)
  if (known !== undefined) return known
  const text = JSON.stringify(publicVerdict(verdict))
  texts.set(verdict, text)
  return text
}

function written(head: { policyVersion: string; snapshot: string }, verdicts: readonly ExplainedVerdict[]): Answer {
  const { policyVersion, snapshot } = head
  const body = `{"policyVersion":${JSON.stringify(policyVersion)},"snapshot":"${snapshot}","verdicts":[${verdicts.map(textOf).join(',')}]}`
  const size = verdicts.length > PROBE_SUBJECTS ? 0 : Math.ceil(Buffer.byteLength(body) / SIZE_CLASS) * SIZE_CLASS
  return body.padEnd(size) as unknown as Answer
}
