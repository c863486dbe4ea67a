import type { GateVerdict, ProbeResult } from '@firebreak/measurement'

/** What a probe run found, as it is stored and shown; with the gate's word where limits were given. */
export type ProbeOutcome = ProbeResult & { readonly gate?: GateVerdict }

/** A share of nothing at all is stored as 0 with its slots, 0, beside it: JSON has no other word for it. */
export function storable<T>(value: T): T {
  if (typeof value === 'number') return (Number.isFinite(value) ? value : 0) as T
  if (Array.isArray(value)) return value.map(storable) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, storable(part)])) as T
}
