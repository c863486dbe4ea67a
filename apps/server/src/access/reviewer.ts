import type { Lane } from '@firebreak/intake'
import type { Reviewer } from '@firebreak/review'
import type { Caller } from './caller.ts'

/** A caller as the review desk knows them: their permissions open the lanes. */
export function reviewerOf({ principal, permissions }: Caller): Reviewer {
  const lanes: Lane[] = permissions.has('review') ? ['general', 'danger'] : []
  if (permissions.has('review:child-safety')) lanes.push('child-safety')
  return { id: principal.id, lanes, manages: permissions.has('review:manage') }
}
