import { z } from 'zod'
import { ROLES } from '../../access/permissions.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const role = z.enum(ROLES)
const ask = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^[^\p{Cc}]+$/u),
  password: z.string().min(1).max(1_024),
  roles: z.array(role).min(1).max(ROLES.length),
})
const params = z.object({ id: z.string().min(1).max(100) })
const code = z.strictObject({ code: z.string().regex(/^\d{6}$/) })

/** People with password and code. Whoever is let in from outside this machine needs both. */
export function userRoutes(app: App): void {
  app.get('/v1/users', { config: { needs: 'users' }, schema: { summary: 'All users' } }, async (request) => ({
    users: (await signedIn(request).instance.ledger.users.list()).map(({ id, name, roles, createdAt, disabledAt }) => ({
      id,
      name,
      roles,
      createdAt,
      disabledAt,
    })),
  }))

  app.post(
    '/v1/users',
    { config: { needs: 'users' }, schema: { summary: 'Add a user; the code secret is shown this once', body: ask } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { user, codeSecret, codeUri } = await instance.access.createUser(request.body, caller.principal)
      const { id, name, roles } = user
      return reply.code(201).send({ user: { id, name, roles }, codeSecret, codeUri })
    },
  )

  app.post(
    '/v1/users/:id/code',
    {
      config: { needs: 'users' },
      schema: { summary: "Show that the user's code works; sign-in needs it", params, body: code },
    },
    async (request, reply) => {
      await signedIn(request).instance.access.confirmCode(request.params.id, request.body.code)
      return reply.code(204).send()
    },
  )
}
