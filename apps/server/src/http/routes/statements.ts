import { Statements } from '@firebreak/guard'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const query = z.object({
  due: z.stringbool().optional(),
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
})
const params = z.object({ id: z.coerce.number().int() })
const hold = z.strictObject({ ground: z.string().min(1).max(500), until: z.iso.datetime({ offset: true }) })
const told = z.strictObject({ ids: z.array(z.number().int()).min(1).max(500) })

/** Demotions that owe a statement of reasons (DSA art. 17): fetched by whoever tells people, held where telling would warn them. */
export function statementRoutes(app: App): void {
  app.get(
    '/v1/statements',
    {
      config: { needs: 'statements' },
      schema: { summary: 'Statements of reasons still to be told; `due` leaves out the held ones', querystring: query },
    },
    async (request) => {
      const { instance } = signedIn(request)
      const { due, after, limit } = request.query
      const statements = await new Statements(instance.ledger).waiting({
        ...(due ? { due: instance.clock() } : {}),
        ...(after === undefined ? {} : { afterId: after }),
        ...(limit === undefined ? {} : { limit }),
      })
      return { statements, next: statements.at(-1)?.id ?? null }
    },
  )

  app.post(
    '/v1/statements/told',
    { config: { needs: 'statements' }, schema: { summary: 'Mark statements as told', body: told } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { told: await new Statements(instance.ledger).told(request.body.ids, caller.principal) }
    },
  )

  app.post(
    '/v1/statements/:id/hold',
    {
      config: { needs: 'guard:write' },
      schema: { summary: 'Delay a statement, with a ground and an end', params, body: hold },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { ground, until } = request.body
      await new Statements(instance.ledger).hold(request.params.id, ground, Date.parse(until), caller.principal)
      return reply.code(204).send()
    },
  )
}
