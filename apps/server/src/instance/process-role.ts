/**
 * What one process does. `api` answers everything, `guard` answers verdicts alone, `worker` does the background work: rounds of reports,
 * carrier, returners, media, exchanges. `start` is all three; over PostgreSQL each may run apart, in any number.
 */
export const PROCESS_ROLES = ['api', 'guard', 'worker'] as const
export type ProcessRole = (typeof PROCESS_ROLES)[number]

export const EVERY_ROLE: ReadonlySet<ProcessRole> = new Set(PROCESS_ROLES)

export function isProcessRole(name: string): name is ProcessRole {
  return (PROCESS_ROLES as readonly string[]).includes(name)
}
