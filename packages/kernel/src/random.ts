/** Uniform numbers in [0, 1). Passed in wherever chance plays a part; same seed, same run. */
export type Random = () => number

/**
 * A small seeded generator (mulberry32): period 2^32, fine for sampling, simulation and tests, never for secrets.
 * Any string or number seeds it; strings are hashed with FNV-1a.
 */
export function seededRandom(seed: number | string): Random {
  let state = typeof seed === 'number' ? seed >>> 0 : fnv1a(seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** 32-bit FNV-1a of a string's UTF-16 code units. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** An integer in [0, below). */
export function randomInt(random: Random, below: number): number {
  return Math.floor(random() * below)
}

/** `count` distinct items in random order (all of them when there are fewer). Cost: O(items). */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  const pool = items.slice()
  const take = Math.min(count, pool.length)
  for (let i = 0; i < take; i++) {
    const j = i + randomInt(random, pool.length - i)
    ;[pool[i], pool[j]] = [pool[j]!, pool[i]!]
  }
  return pool.slice(0, take)
}
