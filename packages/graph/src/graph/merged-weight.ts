/**
 * The weight of several acts of one account on another, at the places from … to − 1. Acts at one time are one fact, told
 * more than once: the heaviest counts. Acts at different times add up where acts are counted; elsewhere the latest stands.
 * The sum runs in order of time, so that it never depends on the order of rows. Unknown times are one time, before all others.
 */
export function heaviestOrSum(
  weights: Float32Array | null,
  times: Float64Array | null,
  from: number,
  to: number,
  counted: boolean,
): number {
  if (to <= from) return 0
  if (to - from === 1) return weights ? weights[from]! : 1
  const timeOf = (i: number): number => (times === null || Number.isNaN(times[i]) ? -1e300 : times[i]!)
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const places = Array.from({ length: to - from }, (_, i) => from + i)
  places.sort((a, b) => timeOf(a) - timeOf(b) || weightOf(b) - weightOf(a))
  let sum = 0
  let latest = 0
  places.forEach((place, i) => {
    if (i > 0 && timeOf(place) === timeOf(places[i - 1]!)) return
    latest = weightOf(place)
    sum += latest
  })
  return counted ? sum : latest
}
