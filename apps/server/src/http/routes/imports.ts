import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const TYPES = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/gzip',
  'application/x-gzip',
  'application/x-ndjson',
  'application/octet-stream',
]
const query = z.object({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}/\\]+$/u, 'must be a plain file name'),
  relation: z
    .string()
    .regex(/^[a-z][a-z-]{0,31}$/)
    .default('follow'),
})
const params = z.object({ id: z.string().min(1).max(100) })

/** Edge lists and events, streamed in as they are. */
export function importRoutes(app: App): void {
  app.register(async (raw) => {
    // The upload is not parsed here: it goes to disk as it comes and is read line by line afterwards.
    raw.addContentTypeParser(TYPES, (_request, payload, done) => done(null, payload))
    raw.post(
      '/v1/imports',
      {
        config: { needs: 'imports:write' },
        bodyLimit: 2 ** 31,
        schema: { summary: 'Import an edge list (CSV, TSV, plain or gzip)', querystring: query },
      },
      async (request, reply) => {
        const { instance, caller } = signedIn(request)
        const given = query.parse(request.query)
        const { id } = await instance.imports.receive(request.body as Readable, given, caller.principal)
        return reply.code(202).send({ id })
      },
    )
  })

  app.get(
    '/v1/imports/:id',
    { config: { needs: 'read' }, schema: { summary: 'How an import stands', params } },
    (request) => signedIn(request).instance.imports.state(request.params.id),
  )
}
