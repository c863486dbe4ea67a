import { REACH, SURFACES, type Surface } from '@firebreak/policy'

/** What a surface gets when the snapshot is missing or too old: `closed` shows nothing, `open` shows it marked unchecked. */
export type FailMode = 'closed' | 'open'

/** Whatever amplifies fails closed: no recommendation is better than one nobody checked. Doors fail open, with a mark. */
export const DEFAULT_FAIL_MODES: Readonly<Record<Surface, FailMode>> = Object.fromEntries(
  SURFACES.map((surface) => [surface, REACH[surface] === 'amplifies' ? 'closed' : 'open']),
) as Record<Surface, FailMode>
