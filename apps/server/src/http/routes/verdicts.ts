import { answeringVersion, PROBE_SUBJECTS, type VerdictRequest } from '@firebreak/guard'
import { FirebreakError } from '@firebreak/kernel'
import { ACTIONS, type ExplainedVerdict, PUBLIC_REASONS, publicVerdict } from '@firebreak/policy'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'
import { plainQuestion, questionSchema } from './verdict-question.ts'

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
      validatorCompiler: (part) => {
        const bySchema = validatorCompiler({ ...part, schema: questionSchema })
        return (data) => {
          const value = plainQuestion(data)
          return value === null ? bySchema(data) : { value }
        }
      },
      serializerCompiler: () => (data) => (typeof data === 'string' ? data : JSON.stringify(data)),
      schema: {
        summary: 'One verdict per subject, in the order asked',
        body: questionSchema,
        response: { 200: answer },
      },
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

/** Neighbours in a list mostly share their verdict. */
function listOf(verdicts: readonly ExplainedVerdict[]): string {
  const list: string[] = []
  let before: ExplainedVerdict | null = null
  let text = ''
  for (const verdict of verdicts) {
    if (verdict !== before) text = textOf(verdict)
    before = verdict
    list.push(text)
  }
  return list.join(',')
}

function written(head: { policyVersion: string; snapshot: string }, verdicts: readonly ExplainedVerdict[]): Answer {
  const { policyVersion, snapshot } = head
  const body = `{"policyVersion":${JSON.stringify(policyVersion)},"snapshot":"${snapshot}","verdicts":[${listOf(verdicts)}]}`
  if (verdicts.length > PROBE_SUBJECTS) return body as unknown as Answer
  return body.padEnd(Math.ceil(Buffer.byteLength(body) / SIZE_CLASS) * SIZE_CLASS) as unknown as Answer
}
