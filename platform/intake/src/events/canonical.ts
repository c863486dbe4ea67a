import type { Clock } from '@firebreak/kernel'
import { DAY } from '@firebreak/kernel'
import { backupHandles } from './bio.ts'
import { keyIdentifier } from './identifiers.ts'
import { eventSchema, PLATFORM_EVENT_TYPES, type PlatformEvent } from './schema.ts'
import { carriesRawIdentifier, withoutRawIdentifiers } from './scrub.ts'
import { IDENTIFIER_KINDS, type IdentifierKind } from './vocabulary.ts'

/** Why an event was not taken; a fixed list, so that a sender can count by it. */
export const REJECTIONS = [
  'event/shape',
  'event/type',
  'event/version',
  'event/time',
  'event/too-large',
  'event/raw-identifier',
  'event/identifier',
] as const
export type Rejection = (typeof REJECTIONS)[number]

/** An event without anything raw in it, or why it was refused (`detail` names fields, never their values). */
export type Canonical =
  | { readonly ok: true; readonly event: PlatformEvent }
  | { readonly ok: false; readonly id: string | null; readonly code: Rejection; readonly detail: string }

export interface Edge {
  /** Secret key of this data directory; identifiers are hashed with it before anything is written. */
  readonly key: Uint8Array
  readonly clock: Clock
}

const LARGEST = 32_768

/**
 * Checks one outside event and takes everything raw out of it: identifiers become keyed hashes, a profile text leaves
 * only the backup names it claims. Never throws on outside data. Cost: linear in the event, at most 32 KiB of it.
 */
export function canonicalEvent(input: unknown, edge: Edge): Canonical {
  const parsed = eventSchema.safeParse(input)
  if (!parsed.success) return refuseShape(input, parsed.error.issues)
  const event = parsed.data
  if (event.data && JSON.stringify(event.data).length > LARGEST) return refuse(event, 'event/too-large', 'data')
  if (Date.parse(event.at) > edge.clock() + DAY) return refuse(event, 'event/time', 'at lies in the future')
  if (event.type === 'identifier.seen') return keyedEvent(event, edge)
  if (event.data === undefined) return { ok: true, event }
  const raw = carriesRawIdentifier(event.data)
  if (raw) return refuse(event, 'event/raw-identifier', `data.${raw}: send it as identifier.seen`)
  return { ok: true, event: { ...event, data: withoutRawIdentifiers(withoutBio(event.data)) } }
}

function keyedEvent(event: PlatformEvent, edge: Edge): Canonical {
  const { kind = 'device', value, carrierNat } = event.data ?? {}
  if (!IDENTIFIER_KINDS.includes(kind as IdentifierKind)) return refuse(event, 'event/identifier', 'data.kind')
  const raw = value ?? (event.subject.type === 'identifier' ? event.subject.id : undefined)
  if (typeof raw !== 'string' || raw.length > 1_024) return refuse(event, 'event/identifier', 'data.value')
  // An id sent instead of a value may already be somebody's hash; it is keyed as it stands, whatever its kind.
  const form = value === undefined ? 'device' : (kind as IdentifierKind)
  const keyed = keyIdentifier(form, raw, edge.key)
  if (!keyed) return refuse(event, 'event/identifier', `data.value is not of kind ${kind}`)
  const { object: _raw, ...kept } = event
  const facts = { ...keyed.facts, shared: keyed.facts.shared || carrierNat === true }
  return {
    ok: true,
    event: {
      ...kept,
      subject: { type: 'identifier', id: keyed.id },
      data: { kind: kind as string, ...facts, ...(keyed.wider === null ? {} : { wider: keyed.wider }) },
    },
  }
}

function withoutBio(data: NonNullable<PlatformEvent['data']>): NonNullable<PlatformEvent['data']> {
  if (typeof data.bio !== 'string') return data
  const { bio, ...rest } = data
  const told = Array.isArray(rest.backups) ? rest.backups.filter((name) => typeof name === 'string') : []
  const backups = [...new Set([...told, ...backupHandles(bio)])]
  return backups.length > 0 ? { ...rest, backups } : rest
}

function refuse(event: PlatformEvent, code: Rejection, detail: string): Canonical {
  return { ok: false, id: event.id, code, detail }
}

function refuseShape(input: unknown, issues: readonly { path: PropertyKey[]; message: string }[]): Canonical {
  const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
  const id = typeof given.id === 'string' && given.id.length <= 256 ? given.id : null
  if (typeof given.type === 'string' && !(PLATFORM_EVENT_TYPES as readonly string[]).includes(given.type))
    return { ok: false, id, code: 'event/type', detail: 'type is not in the vocabulary' }
  if (given.v !== undefined && given.v !== 1) return { ok: false, id, code: 'event/version', detail: 'v must be 1' }
  const issue = issues[0]
  const where = issue?.path.map(String).join('.') || 'event'
  return { ok: false, id, code: where === 'at' ? 'event/time' : 'event/shape', detail: `${where} is not valid` }
}
