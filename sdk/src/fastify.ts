import type { Subject, VerdictRequest } from './api-types.ts'
import type { Firebreak } from './client.ts'

/** What of Fastify is used: a hook that sees an answer before it is written out. */
interface FastifyLike<Request> {
  addHook(
    name: 'preSerialization',
    hook: (
      request: Request,
      reply: { header(name: string, value: string): unknown },
      payload: unknown,
    ) => Promise<unknown>,
  ): unknown
}

/** Where question and list stand in a route's request and answer. */
export interface GuardedRoute<Request, Item> {
  /** Null: this answer is none of the guard's business. */
  readonly question: (request: Request) => Omit<VerdictRequest, 'subjects'> | null
  /** The list in the answer; null where there is none. */
  readonly items: (payload: unknown) => readonly Item[] | null
  readonly subject: (item: Item) => Subject
  /** The answer with another list in it. */
  readonly replace: (payload: unknown, items: Item[]) => unknown
}

/** Puts the guard between a Fastify route and whoever asked: withheld items are taken out of the answer, downranked ones moved back. */
export function guardAnswers<Request, Item>(
  app: FastifyLike<Request>,
  client: Pick<Firebreak, 'filter'>,
  route: GuardedRoute<Request, Item>,
): void {
  app.addHook('preSerialization', async (request, reply, payload) => {
    const question = route.question(request)
    const items = question === null ? null : route.items(payload)
    if (question === null || items === null) return payload
    const { shown, local } = await client.filter(question, items, route.subject)
    if (local) reply.header('x-firebreak', 'unchecked')
    return route.replace(payload, shown)
  })
}
