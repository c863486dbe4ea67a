import { randomBytes } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifySwagger from '@fastify/swagger'
import { FirebreakError } from '@firebreak/kernel'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  createJsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { EVERY_ROLE, type ProcessRole } from '../instance/process-role.ts'
import { type ConsoleFiles, serveConsole } from './console.ts'
import { guardRoutes, listRoutes, type Mount } from './gate.ts'
import { keyedPath } from './keyed-path.ts'
import { type FaultListener, problemHandler, sendProblem } from './problem.ts'
import { routes } from './routes/index.ts'
import { LOCAL_NAMES, protect } from './safety.ts'

export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  ZodTypeProvider
>

export interface AppOptions {
  readonly mounts: readonly Mount[]
  readonly version: string
  /** What this process answers (default: everything). */
  readonly roles?: ReadonlySet<ProcessRole>
  /** The built console; null serves the API alone. */
  readonly console: ConsoleFiles | null
  /** Names besides this machine's own by which it may be asked for. */
  readonly names?: readonly string[]
  readonly onFault?: FaultListener
}

/** A body of the API; routes that take more say so. */
const BODY_LIMIT = 1_048_576

/** Ids unique over processes and restarts, without asking for randomness each time. */
function requestIds(): () => string {
  const process = randomBytes(4).toString('hex')
  let count = 0
  return () => process + (count++ >>> 0).toString(16).padStart(8, '0')
}

/** The whole HTTP surface, not yet listening. */
export async function buildApp(options: AppOptions): Promise<App> {
  const app = Fastify({
    rewriteUrl: (request) => keyedPath(request),
    bodyLimit: BODY_LIMIT,
    genReqId: requestIds(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: false },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(problemHandler(options.onFault ?? (() => {})))
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new FirebreakError('http/not-found', ['such address'])),
  )
  listRoutes(app)
  protect(app, [...LOCAL_NAMES, ...(options.names ?? [])])
  await app.register(fastifyCookie)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Firebreak', version: options.version, description: 'Events and labels in, verdicts out.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
  })
  app.get('/health', { config: { needs: 'anonymous' }, schema: { summary: 'Whether the process answers' } }, () => ({
    status: 'ok',
  }))
  for (const mount of options.mounts)
    await app.register(
      async (scope) => {
        guardRoutes(scope, mount)
        await routes(scope.withTypeProvider<ZodTypeProvider>() as App, {
          mount,
          version: options.version,
          roles: options.roles ?? EVERY_ROLE,
        })
        if (options.console) await serveConsole(scope, options.console, mount)
      },
      { prefix: mount.base },
    )
  return app as App
}
