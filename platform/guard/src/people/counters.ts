const HOUR = 3_600_000
const KEPT_HOURS = 30 * 24 + 1

/** Hour since 1970. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR)
}

/** The key of a pair: who acted, on whom. */
export function pairKey(one: string, other: string): string {
  return `${one.length}:${one}${other}`
}

/**
 * Counts by hour for 30 days, by counter and key. A window's answer covers its last full hours and the hour begun.
 * Memory: about 150 bytes a key and 16 an hour in which something happened.
 */
export class WindowedCounters {
  /** Hours and counts in turn, oldest first. */
  readonly #counters = new Map<string, Map<string, number[]>>()

  add(counter: string, key: string, hour: number, count = 1): void {
    let keys = this.#counters.get(counter)
    if (keys === undefined) {
      keys = new Map()
      this.#counters.set(counter, keys)
    }
    const hours = keys.get(key)
    if (hours === undefined) keys.set(key, [hour, count])
    else insert(hours, hour, count)
  }

  /** How often in the last `windowMs` milliseconds. */
  count(counter: string, key: string, windowMs: number, at: number): number {
    const hours = this.#counters.get(counter)?.get(key)
    if (hours === undefined) return 0
    const from = hourOf(at - windowMs)
    let sum = 0
    for (let i = hours.length - 2; i >= 0 && hours[i]! > from; i -= 2) sum += hours[i + 1]!
    return sum
  }

  /** Forgets what is older than any window. */
  sweep(at: number): void {
    const from = hourOf(at) - KEPT_HOURS
    for (const keys of this.#counters.values())
      for (const [key, hours] of keys) {
        let old = 0
        while (old < hours.length && hours[old]! < from) old += 2
        if (old === hours.length) keys.delete(key)
        else if (old > 0) hours.splice(0, old)
      }
  }

  clear(): void {
    this.#counters.clear()
  }

  /** Forgets a key under every counter. */
  forget(key: string): void {
    for (const keys of this.#counters.values()) keys.delete(key)
  }
}

/** Events come nearly in order of time; a late one finds its place. */
function insert(hours: number[], hour: number, count: number): void {
  let place = hours.length
  while (place > 0 && hours[place - 2]! > hour) place -= 2
  if (place > 0 && hours[place - 2] === hour) hours[place - 1]! += count
  else hours.splice(place, 0, hour, count)
}
