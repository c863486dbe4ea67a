import type { PlacedNode } from './types.ts'

export interface PlacedLabel {
  readonly node: PlacedNode
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end' | 'middle'
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const CHARACTER = 6.3
const LINE = 13

/**
 * Labels for the accounts that matter most (seeds, then hubs, then by probability), each put on the first side where it
 * covers no other label and no big node; one without room is left out. `first` goes before all others.
 */
export function placeLabels(
  nodes: readonly PlacedNode[],
  at: (node: PlacedNode) => { x: number; y: number },
  size: { width: number; height: number },
  limit: number,
  first?: PlacedNode,
): PlacedLabel[] {
  const obstacles: Box[] = nodes
    .filter((node) => node.size > 6)
    .map((node) => around(at(node).x, at(node).y, node.size * 0.8))
  const taken: Box[] = []
  const labels: PlacedLabel[] = []
  const wanted = nodes.filter((node) => node.member || node.seed).toSorted((a, b) => weight(b) - weight(a))
  if (first) wanted.unshift(first)
  for (const node of new Set(wanted.slice(0, limit * 4))) {
    if (labels.length >= limit) break
    const { x, y } = at(node)
    const text = shorten(node.id)
    for (const candidate of sides(text, x, y, node.size + (node.seed ? 9 : 5))) {
      const own = around(x, y, node.size * 0.8)
      const free =
        inside(candidate.box, size) &&
        !taken.some((box) => overlap(box, candidate.box)) &&
        !obstacles.some((box) => overlap(box, candidate.box) && !overlap(box, own))
      if (!free) continue
      taken.push(candidate.box)
      labels.push({ node, text, x: candidate.x, y: candidate.y, anchor: candidate.anchor })
      break
    }
  }
  return labels
}

/** An id short enough to stand in a picture, its end kept because ids often differ there. */
export function shorten(id: string, most = 22): string {
  const characters = Array.from(id)
  if (characters.length <= most) return id
  return `${characters.slice(0, most - 8).join('')}…${characters.slice(-7).join('')}`
}

function weight(node: PlacedNode): number {
  return (node.seed ? 4 : 0) + (node.role === 'hub' ? 2 : 0) + node.probability + node.size / 100
}

function sides(text: string, x: number, y: number, away: number) {
  const width = Array.from(text).length * CHARACTER
  const middle = y + 4
  const box = (left: number, base: number): Box => ({
    left,
    right: left + width,
    top: base - LINE + 3,
    bottom: base + 3,
  })
  return [
    { x: x + away, y: middle, anchor: 'start' as const, box: box(x + away, middle) },
    { x: x - away, y: middle, anchor: 'end' as const, box: box(x - away - width, middle) },
    { x, y: y - away, anchor: 'middle' as const, box: box(x - width / 2, y - away) },
    { x, y: y + away + 9, anchor: 'middle' as const, box: box(x - width / 2, y + away + 9) },
  ]
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function inside(box: Box, { width, height }: { width: number; height: number }): boolean {
  return box.left >= 2 && box.right <= width - 2 && box.top >= 2 && box.bottom <= height - 2
}
