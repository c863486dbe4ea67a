import { FirebreakError } from '@firebreak/kernel'
import type { HttpRecommenderDefinition, ProbeDefinition } from './definition.ts'
import type { Candidate, ProbeRecommender, RecommendRequest } from './ports.ts'

const LARGEST_ANSWER = 4_000_000

/**
 * An operator's recommender behind HTTP and JSON. Throws `probe/unreachable`, `probe/timeout`, `probe/status` (anything
 * but 2xx, redirects too) or `probe/malformed` (no JSON, no list at the path, an item without id); never retries, so that
 * a flaky recommender shows.
 */
export function httpRecommender(
  definition: Pick<ProbeDefinition, 'name' | 'surface' | 'recommender'>,
  fetchLike: typeof fetch = fetch,
): ProbeRecommender {
  const { recommender } = definition
  return {
    name: definition.name,
    surface: definition.surface,
    async recommend(request) {
      const text = await ask(recommender, request, fetchLike)
      return itemsIn(parse(text), recommender).slice(0, request.limit)
    },
  }
}

async function ask(
  recommender: HttpRecommenderDefinition,
  request: RecommendRequest,
  fetchLike: typeof fetch,
): Promise<string> {
  const method = recommender.method ?? (recommender.body === undefined ? 'GET' : 'POST')
  const body = recommender.body === undefined ? {} : { body: JSON.stringify(filled(recommender.body, request)) }
  const address = filledUrl(recommender.url, request)
  try {
    const response = await fetchLike(address, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(recommender.timeoutMs),
      headers: { accept: 'application/json', 'content-type': 'application/json', ...recommender.headers },
      ...body,
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new FirebreakError('probe/status', [response.status || 'a redirect'])
    }
    return await readLimited(response)
  } catch (error) {
    if (error instanceof FirebreakError) throw error
    const name = (error as Error).name
    if (name === 'TimeoutError' || name === 'AbortError')
      throw new FirebreakError('probe/timeout', [recommender.timeoutMs], { cause: error })
    throw new FirebreakError('probe/unreachable', [reasonOf(error)], { cause: error })
  }
}

async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length
    if (size > LARGEST_ANSWER) throw new FirebreakError('probe/malformed', [`more than ${LARGEST_ANSWER} bytes`])
    text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  return text + decoder.decode()
}

function reasonOf(error: unknown): string {
  const cause = (error as Error).cause
  return cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FirebreakError('probe/malformed', ['not JSON'], { cause: error })
  }
}

function itemsIn(answer: unknown, { items, id, owner }: HttpRecommenderDefinition): Candidate[] {
  const list = items === '' ? answer : items.split('.').reduce<unknown>((part, key) => fieldOf(part, key), answer)
  if (!Array.isArray(list)) throw new FirebreakError('probe/malformed', [`no list at "${items}"`])
  return list.map((item, place) => {
    const name = text(id === undefined ? item : fieldOf(item, id))
    if (name === null) throw new FirebreakError('probe/malformed', [`item ${place} has no id`])
    const account = owner === undefined ? name : text(fieldOf(item, owner))
    if (account === null) throw new FirebreakError('probe/malformed', [`item ${place} has no ${owner}`])
    return { id: name, owner: account }
  })
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

function text(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

function filledUrl(template: string, request: RecommendRequest): string {
  return template.replace(/\{(viewer|history|limit)\}/g, (_, name: keyof RecommendRequest) => {
    const value = request[name]
    return typeof value === 'object' ? value.map(encodeURIComponent).join(',') : encodeURIComponent(value)
  })
}

/** Placeholders alone keep their type; inside longer texts they are written out. */
function filled(template: unknown, request: RecommendRequest): unknown {
  if (typeof template === 'string') {
    const alone = /^\{(viewer|history|limit)\}$/.exec(template)
    if (alone) return request[alone[1] as keyof RecommendRequest]
    return template.replace(/\{(viewer|history|limit)\}/g, (_, name: keyof RecommendRequest) => String(request[name]))
  }
  if (Array.isArray(template)) return template.map((part) => filled(part, request))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, filled(part, request)]))
}
