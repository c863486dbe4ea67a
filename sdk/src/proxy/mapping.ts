import type { Subject, Surface } from '../api-types.ts'
import { defaultFailMode, type FailMode } from '../client.ts'

/** One endpoint of a recommender: where its viewer and its list are. */
export interface MappedRoute {
  /** Such as `/api/recommend/:user`. */
  readonly path: string
  readonly surface: Surface
  /** `path:NAME`, `query:NAME` or `header:NAME`; absent: nobody in particular. */
  readonly viewer?: string
  /** Where the list stands in the answer: `items`, `data.list`; `` for the answer itself. */
  readonly items: string
  /** Where id and author stand in an item; `` for the item itself. */
  readonly item: { readonly type: string; readonly id?: string; readonly author?: string; readonly text?: string }
  /** Asks the recommender for more, so that withheld places are filled: the query parameter that counts, and how many times as many. */
  readonly overfetch?: {
    readonly query: string
    readonly factor: number
    readonly default: number
    readonly most?: number
  }
  readonly failMode?: FailMode
}

export interface Mapping {
  readonly upstream: string
  readonly firebreak: { readonly url: string; readonly keyEnv?: string; readonly timeout?: number }
  readonly routes: readonly MappedRoute[]
}

/** What is wrong with a mapping file. */
export class MappingError extends Error {}

/** Reads a mapping file. Throws `MappingError` with the place that is wrong. */
export function readMapping(text: string): Mapping {
  let given: Partial<Mapping>
  try {
    given = JSON.parse(text) as Partial<Mapping>
  } catch (error) {
    throw new MappingError(`the mapping is not JSON: ${(error as Error).message}`)
  }
  if (typeof given.upstream !== 'string' || !URL.canParse(given.upstream))
    throw new MappingError('"upstream" must be a URL')
  if (typeof given.firebreak?.url !== 'string' || !URL.canParse(given.firebreak.url))
    throw new MappingError('"firebreak.url" must be a URL')
  if (!Array.isArray(given.routes) || given.routes.length === 0)
    throw new MappingError('"routes" must name at least one route')
  for (const [i, route] of given.routes.entries()) checkRoute(route, `routes[${i}]`)
  return given as Mapping
}

function checkRoute(route: Partial<MappedRoute>, where: string): void {
  if (!route.path?.startsWith('/')) throw new MappingError(`${where}.path must begin with /`)
  if (typeof route.surface !== 'string') throw new MappingError(`${where}.surface is missing`)
  if (typeof route.items !== 'string') throw new MappingError(`${where}.items is missing ("" for the answer itself)`)
  if (typeof route.item?.type !== 'string') throw new MappingError(`${where}.item.type is missing`)
  if (route.item.id === undefined && route.item.text === undefined)
    throw new MappingError(`${where}.item needs "id" or "text"`)
  if (route.viewer !== undefined && !/^(path|query|header):[\w-]+$/.test(route.viewer))
    throw new MappingError(`${where}.viewer must be path:NAME, query:NAME or header:NAME`)
  if (route.overfetch && !(route.overfetch.factor >= 1 && route.overfetch.default >= 1))
    throw new MappingError(`${where}.overfetch needs "factor" and "default" of 1 or more`)
}

/**
 * One spelling of a path: segments decoded, empty and dot segments gone. Servers read `//api/`, `/api/` and `/%61pi` alike;
 * whatever a recommender would answer as a mapped route must be one here. Null: not a path that can be decoded.
 */
export function segmentsOf(path: string): string[] | null {
  try {
    return path
      .split('/')
      .map((part) => decodeURIComponent(part))
      .filter((part) => part !== '' && part !== '.')
  } catch {
    return null
  }
}

/** The names and values of a path such as `/api/recommend/:user`; null when it is another path. */
export function matchPath(pattern: string, given: readonly string[]): Record<string, string> | null {
  const wanted = pattern.split('/').filter((part) => part !== '')
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(':')) found[part.slice(1)] = given[i]!
    else if (part.toLowerCase() !== given[i]!.toLowerCase()) return null
  }
  return found
}

/** What stands at a dotted place; undefined where there is nothing. */
export function valueAt(value: unknown, place: string): unknown {
  let at = value
  for (const name of place === '' ? [] : place.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** The answer with another list at the place. */
export function withValueAt(value: unknown, place: string, list: readonly unknown[]): unknown {
  if (place === '') return list
  const [name, ...rest] = place.split('.') as [string, ...string[]]
  const inner = valueAt(value, name)
  return { ...(value as object), [name]: withValueAt(inner, rest.join('.'), list) }
}

/** An item as Firebreak is asked about it; null when the mapping does not fit it. */
export function subjectOf(item: unknown, { type, id, author, text }: MappedRoute['item']): Subject | null {
  const read = (place: string | undefined): string | undefined => {
    const found = place === undefined ? undefined : valueAt(item, place)
    return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
  }
  const [name, by, words] = [read(id), read(author), read(text)]
  if (name === undefined && words === undefined) return null
  return {
    type,
    ...(name === undefined ? {} : { id: name }),
    ...(by === undefined ? {} : { author: by }),
    ...(words === undefined ? {} : { text: words }),
  }
}

/** The mode of a route whose answer could not be judged. */
export function failModeOf(route: MappedRoute): FailMode {
  return route.failMode ?? defaultFailMode(route.surface)
}
