import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'

const surface = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  /** Sent as JSON, with `{text}` replaced in every string; in `url` it is percent-encoded. */
  body: z.json().optional(),
  /** How the answer is read: the first reading that fits gives the verdict. */
  verdict: z
    .array(
      z.strictObject({
        /** HTTP status. */
        status: z.number().int().optional(),
        /** JSON pointer (RFC 6901) into the answer. */
        pointer: z.string().optional(),
        /** The value there; without it the value itself is the verdict. */
        is: z.json().optional(),
        /** An empty list, an empty text or nothing there. */
        empty: z.boolean().optional(),
        /** The answer's text holds this. */
        contains: z.string().optional(),
        says: z.string().optional(),
      }),
    )
    .min(1),
})

/** A platform's own surfaces: how to ask each, and how to read a verdict out of its answer. */
export const targetSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** Terms that are in force there. */
  terms: z.array(z.string().min(1).max(200)).min(1).max(1_000),
  surfaces: z.record(z.string().min(1).max(64), surface),
})
export type Target = z.output<typeof targetSchema>
type TargetSurface = Target['surfaces'][string]
type Json = z.infer<ReturnType<typeof z.json>>

/** Reads a target file; throws `input/format` with what is wrong in it. */
export function readTarget(text: string, path: string): Target {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new FirebreakError('input/format', [path, (error as Error).message])
  }
  const read = targetSchema.safeParse(given)
  if (read.success) return read.data
  throw new FirebreakError('input/format', [
    path,
    read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  ])
}

/** Asks one surface about one text; what cannot be asked or read is an answer too, beginning with `error:`. */
export async function askTarget(target: TargetSurface, text: string, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(
      target.url.replaceAll('{text}', encodeURIComponent(text)).replaceAll('%7Btext%7D', encodeURIComponent(text)),
      {
        method: target.method,
        headers: target.body === undefined ? target.headers : { 'content-type': 'application/json', ...target.headers },
        ...(target.body === undefined ? {} : { body: JSON.stringify(filled(target.body, text)) }),
        signal: AbortSignal.timeout(timeoutMs),
      },
    )
    return (
      verdictIn(target, response.status, await response.text()) ?? `error: no reading fits (HTTP ${response.status})`
    )
  } catch (error) {
    return `error: ${(error as Error).message}`
  }
}

function verdictIn({ verdict }: TargetSurface, status: number, body: string): string | null {
  for (const reading of verdict) {
    if (reading.status !== undefined && reading.status !== status) continue
    if (reading.contains !== undefined && !body.includes(reading.contains)) continue
    if (reading.pointer === undefined) return reading.says ?? 'withheld'
    const value = at(parsed(body), reading.pointer)
    if (reading.empty !== undefined && isEmpty(value) !== reading.empty) continue
    if (reading.is !== undefined && JSON.stringify(value) !== JSON.stringify(reading.is)) continue
    if (reading.empty === undefined && reading.is === undefined && value === undefined) continue
    return reading.says ?? (typeof value === 'string' ? value : 'withheld')
  }
  return null
}

function at(value: unknown, pointer: string): unknown {
  let here = value
  for (const part of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined
    here = (here as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return here
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function filled(value: Json, text: string): Json {
  if (typeof value === 'string') return value.replaceAll('{text}', text)
  if (Array.isArray(value)) return value.map((one) => filled(one, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, text)]))
}
