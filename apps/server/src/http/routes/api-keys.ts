import { FirebreakError } from '@firebreak/kernel'
import type { ApiKey } from '@firebreak/ledger'
import { z } from 'zod'
import { PERMISSIONS } from '../../access/permissions.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const ask = z.strictObject({
  name: z.string().trim().min(1).max(120),
  scopes: z.array(z.enum(PERMISSIONS)).min(1),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
})
const params = z.object({ id: z.string().min(1).max(100) })

/** API keys: shown once, stored as a hash, revocable at once. */
export function apiKeyRoutes(app: App): void {
  app.get(
    '/v1/api-keys',
    { config: { needs: 'api-keys' }, schema: { summary: 'All keys, without their secrets' } },
    async (request) => ({
      keys: (await signedIn(request).instance.ledger.apiKeys.list()).map(shown),
    }),
  )

  app.post(
    '/v1/api-keys',
    { config: { needs: 'api-keys' }, schema: { summary: 'Make a key; its token is shown this once', body: ask } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { name, scopes, expiresAt } = request.body
      const beyond = scopes.find((scope) => !caller.permissions.has(scope))
      if (beyond !== undefined && !caller.roles.includes('admin')) throw new FirebreakError('access/denied', [beyond])
      const given = { name, scopes, ...(expiresAt === undefined ? {} : { expiresAt }) }
      const { key, token } = await instance.ledger.apiKeys.create(given, caller.principal)
      return reply.code(201).send({ key: shown(key), token })
    },
  )

  app.delete(
    '/v1/api-keys/:id',
    { config: { needs: 'api-keys' }, schema: { summary: 'Revoke a key', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const revoked = await instance.access.revokeKey(request.params.id, caller.principal)
      if (!revoked) throw new FirebreakError('http/not-found', ['live key with that id'])
      return reply.code(204).send()
    },
  )
}

function shown({ id, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }: ApiKey): ApiKey {
  return { id, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }
}
