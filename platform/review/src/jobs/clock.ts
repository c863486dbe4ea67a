import { HOUR } from '@firebreak/kernel'

/** A due clock as a moderator reads it, by the server's time. */
export interface DueClock {
  readonly dueAt: string
  readonly state: 'running' | 'soon' | 'breached' | 'paused'
  /** Milliseconds left; negative when over. Of a paused clock: what was left when it stopped. */
  readonly leftMs: number
  readonly pausedAt: string | null
  readonly pauseReason: string | null
}

/** From here on a clock is "soon", and its jobs come before all others. */
export const SOON = 4 * HOUR

/** The clock of a job at a moment, or null when none runs against it. */
export function clockOf(
  job: { due_at: Date | null; paused_at: Date | null; pause_reason: string | null },
  now: number,
): DueClock | null {
  if (job.due_at === null) return null
  const leftMs = job.due_at.getTime() - (job.paused_at?.getTime() ?? now)
  const state = job.paused_at !== null ? 'paused' : leftMs < 0 ? 'breached' : leftMs <= SOON ? 'soon' : 'running'
  return {
    dueAt: job.due_at.toISOString(),
    state,
    leftMs,
    pausedAt: job.paused_at?.toISOString() ?? null,
    pauseReason: job.pause_reason,
  }
}

/** When a clock that stood still from `pausedAt` is due after it runs again at `now`. */
export function dueAfterPause(dueAt: number, pausedAt: number, now: number): number {
  return dueAt + Math.max(0, now - pausedAt)
}
