import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const newCase = z.strictObject({
  name: z.string().trim().min(1).max(120),
  policy: z.string().trim().min(1).max(120),
  legalBasis: z.string().trim().min(1).max(300),
  expiresAt: z.iso.datetime({ offset: true }),
  networkId: z.string().min(1).max(100).nullable().default(null),
})

/** Cases: what is investigated, under which policy, on what legal basis, until when. */
export function caseRoutes(app: App): void {
  app.get(
    '/v1/cases',
    { config: { needs: 'read' }, schema: { summary: 'All cases, newest first' } },
    async (request) => ({
      cases: await signedIn(request).instance.enforcement.desk.cases(),
    }),
  )

  app.post(
    '/v1/cases',
    { config: { needs: 'plans:write' }, schema: { summary: 'Open a case', body: newCase } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      return reply.code(201).send(await instance.enforcement.desk.openCase(request.body, caller.principal))
    },
  )

  app.get(
    '/v1/cases/:id',
    { config: { needs: 'read' }, schema: { summary: 'One case with its plans', params } },
    async (request) => {
      const { desk } = signedIn(request).instance.enforcement
      const found = await desk.case(request.params.id)
      const plans = await desk.plans(found.id)
      return {
        ...found,
        plans: plans.map(({ id, state, createdAt, members }) => ({ id, state, createdAt, members: members.length })),
      }
    },
  )
}
