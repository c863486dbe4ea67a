export interface Point {
  x: number
  y: number
}

/** Half the drawn width in pixels: what a `size` is measured against while overlaps are removed. */
const HALF_WIDTH = 460
const GAP = 1.6

/** Scales points into -1 to 1 on each axis, in place; few points keep together, a lone one sits in the middle. */
export function fitBox(points: Point[]): void {
  const [left, right] = extent(points.map((p) => p.x))
  const [top, bottom] = extent(points.map((p) => p.y))
  const wide = Math.max(right - left, bottom - top, 1e-9)
  // An even picture may be stretched to the box, but not so far that its shape is lost.
  const spanX = Math.max(right - left, wide * 0.6)
  const spanY = Math.max(bottom - top, wide * 0.6)
  const reach = points.length < 2 ? 0 : 2 * Math.min(1, 0.4 + points.length / 24)
  for (const point of points) {
    point.x = ((point.x - (left + right) / 2) / spanX) * reach
    point.y = ((point.y - (top + bottom) / 2) / spanY) * reach
  }
}

/** Pushes overlapping discs apart, in place: a few rounds over a grid, so the cost grows with the points, not their pairs. */
export function separate(points: Point[], sizes: readonly number[], rounds = 40): Point[] {
  fitBox(points)
  for (const point of points) {
    point.x *= HALF_WIDTH
    point.y *= HALF_WIDTH
  }
  const cell = 2 * Math.max(1, ...sizes) + GAP
  for (let round = 0; round < rounds; round++) {
    if (pushOnce(points, sizes, cell) === 0) break
  }
  return points
}

function pushOnce(points: Point[], sizes: readonly number[], cell: number): number {
  const grid = new Map<string, number[]>()
  points.forEach((point, i) => {
    const key = `${Math.floor(point.x / cell)} ${Math.floor(point.y / cell)}`
    const bucket = grid.get(key)
    if (bucket) bucket.push(i)
    else grid.set(key, [i])
  })
  let moved = 0
  for (let i = 0; i < points.length; i++) {
    const column = Math.floor(points[i]!.x / cell)
    const row = Math.floor(points[i]!.y / cell)
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const j of grid.get(`${column + dx} ${row + dy}`) ?? [])
          if (j > i && pushPair(points[i]!, points[j]!, sizes[i]! + sizes[j]! + GAP)) moved++
  }
  return moved
}

function pushPair(a: Point, b: Point, apart: number): boolean {
  let dx = b.x - a.x
  const dy = b.y - a.y
  let distance = Math.hypot(dx, dy)
  if (distance >= apart) return false
  if (distance < 1e-6) {
    dx = 1e-3
    distance = 1e-3
  }
  const push = (apart - distance) / distance / 2
  a.x -= dx * push
  a.y -= dy * push
  b.x += dx * push
  b.y += dy * push
  return true
}

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return values.length === 0 ? [0, 0] : [low, high]
}
