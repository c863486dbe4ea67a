import type { NetworkRole } from '../types.ts'
import { type Behaviour, looksLikeVictim, takesPart } from './behaviour.ts'

/** A hub has at least this many watchers, and several times more of them than ties inside. */
const HUB_WATCHERS = 8
const HUB_RATIO = 2

/** The role of an account inside the cut. */
export function roleInside(watchers: number, tiesInside: number, isBridge: boolean): NetworkRole {
  if (watchers >= HUB_WATCHERS && watchers >= HUB_RATIO * tiesInside) return 'hub'
  return isBridge ? 'bridge' : 'member'
}

/** The role of an account outside the cut: approached, watching, or merely near. */
export function roleOutside(seen: Behaviour): NetworkRole {
  if (looksLikeVictim(seen)) return 'likely-victim'
  if (seen.watches > 0 && seen.watchedBy === 0 && !takesPart(seen)) return 'audience'
  return 'bystander'
}
