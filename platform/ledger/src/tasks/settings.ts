import { FirebreakError } from '@firebreak/kernel'
import type { QueueOptions } from 'pg-boss'
import type { TaskRetry, TaskSettings } from '../types.ts'

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600

export function retryOptions({ limit = 5, backoffSeconds = 5 }: TaskRetry) {
  if (!(Number.isInteger(limit) && limit >= 0))
    throw new FirebreakError('input/invalid', ['a task’s retry limit is a number from 0'])
  if (!(Number.isInteger(backoffSeconds) && backoffSeconds >= 0))
    throw new FirebreakError('input/invalid', ['a task’s backoff is whole seconds'])
  return { retryLimit: limit, retryDelay: backoffSeconds, retryBackoff: true, retryDelayMax: HOUR_SECONDS }
}

/** A task name's settings in pg-boss's words. On the embedded store a dead worker is found at the next start, without heartbeats. */
export function queueOptions(kind: 'embedded' | 'postgres', settings: TaskSettings): QueueOptions {
  const { retry = {}, timeoutSeconds = 900, heartbeatSeconds = 30 } = settings
  return {
    ...retryOptions(retry),
    expireInSeconds: timeoutSeconds,
    retentionSeconds: 30 * DAY_SECONDS,
    deleteAfterSeconds: DAY_SECONDS,
    ...(kind === 'embedded' ? {} : { heartbeatSeconds }),
  }
}
