import { DAY, type Random } from '@firebreak/kernel'
import { shuffled } from '../distributions.ts'

/** Languages of the synthetic platform with their share of communities. */
export const LANGUAGES = ['en', 'es', 'pt', 'de', 'ja', 'ar'] as const
const LANGUAGE_SHARES = [0.45, 0.2, 0.12, 0.1, 0.08, 0.05] as const

export const WINDOW_DAYS = 90

/**
 * The accounts before anyone has followed anyone. Community `c` holds `order[start[c]] … order[start[c + 1] - 1]`; who
 * stands early in a slice is well known in it. `fame` ranks the whole platform.
 */
export interface People {
  readonly count: number
  readonly startMs: number
  readonly endMs: number
  readonly createdAtMs: Float64Array
  readonly language: Uint8Array
  readonly community: Int32Array
  readonly second: Int32Array
  readonly communityLanguage: Uint8Array
  readonly start: Int32Array
  readonly order: Int32Array
  readonly fame: Int32Array
}

export function populate(count: number, endMs: number, random: Random): People {
  const startMs = endMs - WINDOW_DAYS * DAY
  const order = shuffled(random, count)
  const start = communitySlices(count, random)
  const communityLanguage = Uint8Array.from({ length: start.length - 1 }, () => drawLanguage(random))
  const people: People = {
    count,
    startMs,
    endMs,
    createdAtMs: Float64Array.from({ length: count }, () => drawCreation(startMs, random)),
    language: new Uint8Array(count),
    community: new Int32Array(count),
    second: new Int32Array(count).fill(-1),
    communityLanguage,
    start,
    order,
    fame: shuffled(random, count),
  }
  settle(people, random)
  return people
}

/** Sizes follow a power law of exponent 2 between 25 and 600. */
function communitySlices(count: number, random: Random): Int32Array {
  const bounds = [0]
  for (let end = 0; end < count; ) {
    const size = Math.floor(25 / (1 - random() * (1 - 25 / 600)))
    end = count - end - size < 25 ? count : end + size
    bounds.push(end)
  }
  return Int32Array.from(bounds)
}

function settle(people: People, random: Random): void {
  const communities = people.start.length - 1
  for (let c = 0; c < communities; c++) {
    for (let at = people.start[c]!; at < people.start[c + 1]!; at++) {
      const account = people.order[at]!
      people.community[account] = c
      people.language[account] = random() < 0.94 ? people.communityLanguage[c]! : drawLanguage(random)
      if (random() < 0.3) people.second[account] = Math.floor(random() * communities)
    }
  }
}

function drawLanguage(random: Random): number {
  let rest = random()
  for (let i = 0; i < LANGUAGE_SHARES.length; i++) {
    rest -= LANGUAGE_SHARES[i]!
    if (rest < 0) return i
  }
  return 0
}

/** One in eight accounts is newer than the window; the others' ages are exponential with a mean of two years, at most six. */
function drawCreation(startMs: number, random: Random): number {
  if (random() < 0.125) return Math.floor(startMs + random() * WINDOW_DAYS * DAY * 0.95)
  return Math.floor(startMs - Math.min(6 * 365, -Math.log(1 - random()) * 730) * DAY)
}

/** A member of a community; those early in its slice are drawn more often (in-degree falls off as a power law). */
export function someoneOf(people: People, community: number, random: Random): number {
  const from = people.start[community]!
  const size = people.start[community + 1]! - from
  const u = random()
  return people.order[from + Math.floor(size * u * u)]!
}

/** Seconds from the first day: uniform between the moment both accounts exist and the last day. */
export function meetingTime(people: People, a: number, b: number, random: Random): number {
  const from = Math.max(people.startMs, people.createdAtMs[a]!, people.createdAtMs[b]!)
  return Math.floor((from - people.startMs + random() * (people.endMs - from)) / 1000)
}
