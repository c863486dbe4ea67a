import type { ProbeResult } from './run-probes.ts'

/** Whether a measured guard may stay in front of people. `upper` is the end of the 95 % interval that must not pass the limit. */
export interface GateVerdict {
  readonly pass: boolean
  readonly checks: readonly {
    readonly what: string
    readonly upper: number
    readonly limit: number
    readonly pass: boolean
  }[]
}

/** What a run must keep to. */
export interface GateLimits {
  /** Largest network share of slots after a contact, guarded (default 0.001). */
  readonly networkShare?: number
  /** Largest share of benign candidates withheld; not checked unless given. */
  readonly benignWithheld?: number
}

/**
 * Passes only if the upper end of the interval lies within the limit: too few probes fail like a bad guard does. With no
 * network slot at all, 30 probes × 200 slots bound the share by 0.0006. A run without a guard fails, and so does one that touched
 * only accounts the recommender does not know: nothing was measured.
 */
export function probeGate(result: ProbeResult, limits: GateLimits = {}): GateVerdict {
  const guarded = result.arms.find((arm) => arm.name === 'contact' && arm.guarded)
  if (nothingMeasured(result)) {
    const what = 'nothing measured: the recommender shows the same with and without any of the network contacts'
    return { pass: false, checks: [{ what, upper: 1, limit: limits.networkShare ?? 0.001, pass: false }] }
  }
  const checks = [
    check('network share of slots after a contact', guarded?.total.high ?? 1, limits.networkShare ?? 0.001),
  ]
  if (limits.benignWithheld !== undefined)
    checks.push(check('benign candidates withheld', result.benignWithheld?.high ?? 1, limits.benignWithheld))
  return { pass: checks.every((one) => one.pass), checks }
}

/** True when no network contact changed what the recommender showed: it knows none of them, or lists the same for everybody. */
export function nothingMeasured({ contacts }: Pick<ProbeResult, 'contacts'>): boolean {
  return contacts !== undefined && contacts.network.unheard.length === contacts.network.asked
}

function check(what: string, upper: number, limit: number) {
  return { what, upper, limit, pass: upper <= limit }
}
