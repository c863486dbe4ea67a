import { MINUTE, type Random } from '@firebreak/kernel'
import type { Schedule } from '../plan/plan.ts'

/**
 * When each of `count` steps is due (milliseconds since 1970, ascending). At once: from `from` on, `perMinute` a minute. Window: random
 * moments between `from` and `to`, so that nobody can read the next step off the last; where they would come faster than
 * `perMinute`, the later ones wait. Cost: O(n log n).
 */
export function dueTimes(count: number, schedule: Schedule, random: Random): number[] {
  const from = Date.parse(schedule.from)
  const gap = MINUTE / schedule.perMinute
  if (schedule.mode === 'at-once' || schedule.to === undefined)
    return Array.from({ length: count }, (_, i) => Math.round(from + i * gap))
  const width = Math.max(0, Date.parse(schedule.to) - from)
  const drawn = Array.from({ length: count }, () => from + random() * width).sort((a, b) => a - b)
  let free = -Infinity
  return drawn.map((at) => {
    const due = Math.max(at, free)
    free = due + gap
    return Math.round(due)
  })
}
