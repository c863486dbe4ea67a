import type { Random } from '@firebreak/kernel'

/** A standard normal draw (Box and Muller 1958); uses two uniform draws. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A log-normal draw with the given median; `sigma` is the spread of its logarithm. */
export function logNormal(random: Random, median: number, sigma: number): number {
  return median * Math.exp(sigma * normal(random))
}

/** A Poisson draw (Knuth's product method): cost grows with the mean, meant for means below about 30. */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

/** A rank in [0, count) with weights 1 / (rank + plateau): Zipf's law whose first `plateau` ranks are much alike (Mandelbrot). */
export function zipfRank(random: Random, count: number, plateau = 1): number {
  const spread = Math.log((count + plateau) / plateau)
  return Math.min(count - 1, Math.floor(plateau * Math.exp(random() * spread) - plateau))
}

/** The integers below `count` in random order (Fisher and Yates). */
export function shuffled(random: Random, count: number): Int32Array {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const j = Math.floor(random() * (i + 1))
    order[i] = order[j]!
    order[j] = i
  }
  return order
}

/** One item of a non-empty list. */
export function pick<T>(random: Random, items: ArrayLike<T>): T {
  return items[Math.floor(random() * items.length)]!
}

/** `count` distinct items of a list, in random order, or all of them; cost grows with `count`, not with the list. */
export function pickDistinct<T>(random: Random, items: ArrayLike<T>, count: number): T[] {
  const taken = new Set<number>()
  const goal = Math.min(count, items.length)
  while (taken.size < goal) taken.add(Math.floor(random() * items.length))
  return Array.from(taken, (index) => items[index]!)
}
