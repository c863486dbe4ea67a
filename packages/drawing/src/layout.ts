import { fnv1a, seededRandom } from '@firebreak/kernel'
import { UndirectedGraph } from 'graphology'
import forceAtlas2Module from 'graphology-layout-forceatlas2'
import { isDrawn, ROLE_STYLES } from './roles.ts'
import { fitBox, type Point, separate } from './spread.ts'
import type { DrawingEdge, DrawingNode, DrawnRole, NetworkDrawing, NetworkLayout } from './types.ts'

// The package is CommonJS with a default-export declaration: Node and bundlers both hand over the function itself.
const forceAtlas2 = forceAtlas2Module as unknown as (typeof forceAtlas2Module)['default']

export interface LayoutOptions {
  /** Most nodes drawn, best ranked first. A picture of more is not readable. */
  readonly maxNodes?: number
  /** Most links drawn, strongest first. */
  readonly maxEdges?: number
  /** Rounds of the force layout; by default fewer for big pictures. */
  readonly iterations?: number
}

type Drawn = DrawingNode & { readonly role: DrawnRole }

/**
 * Places a network's accounts, most certain at the core: the same input gives the same picture, everywhere.
 * Likely victims are left out (protected), as are outsiders without a link in the picture, and nodes and links beyond
 * the caps; `hidden` counts them all.
 * ForceAtlas2 (doi:10.1371/journal.pone.0098679) from fixed starting points, then overlaps are pushed apart.
 * Cost: about a second for 2,000 nodes and 8,000 links.
 */
export function layoutNetwork(drawing: NetworkDrawing, options: LayoutOptions = {}): NetworkLayout {
  const { maxNodes = 2_000, maxEdges = 8_000 } = options
  const ranked = rank(drawing.nodes)
  const linked = new Set(edgesAmong(ranked, drawing.edges).flatMap(({ source, target }) => [source, target]))
  const nodes = ranked.filter((node) => node.seed || node.member || linked.has(node.id)).slice(0, maxNodes)
  const among = edgesAmong(nodes, drawing.edges)
  const edges = among.length > maxEdges ? strongest(among, maxEdges) : among
  const degrees = countLinks(edges)
  const shrink = nodes.length > 250 ? Math.max(0.45, Math.sqrt(250 / nodes.length)) : 1
  const sizes = nodes.map((node) => round(nodeSize(node, degrees.get(node.id) ?? 0) * shrink))
  const points = place(nodes, edges, options.iterations ?? roundsFor(nodes.length))
  fitBox(separate(points, sizes))
  return {
    nodes: nodes.map(({ id, role, member, seed, probability }, i) => {
      const { x, y } = points[i]!
      return { id, role, member, seed, probability, x: round(x), y: round(y), size: sizes[i]! }
    }),
    edges,
    hidden: {
      nodes: ranked.length - nodes.length,
      edges: among.length - edges.length,
      protected: new Set(drawing.nodes.filter((node) => !isDrawn(node.role)).map((node) => node.id)).size,
    },
  }
}

/** Seeds first, then members by probability; one node per id; protected accounts left out. */
function rank(nodes: readonly DrawingNode[]): Drawn[] {
  const hidden = new Set(nodes.filter((node) => !isDrawn(node.role)).map((node) => node.id))
  const byId = new Map<string, Drawn>()
  for (const node of nodes) if (!hidden.has(node.id) && !byId.has(node.id)) byId.set(node.id, node as Drawn)
  return [...byId.values()].sort(
    (a, b) =>
      Number(b.seed) - Number(a.seed) || Number(b.member) - Number(a.member) || b.probability - a.probability || 0,
  )
}

function edgesAmong(nodes: readonly Drawn[], edges: readonly DrawingEdge[]): DrawingEdge[] {
  const drawn = new Set(nodes.map((node) => node.id))
  return edges.filter((edge) => edge.source !== edge.target && drawn.has(edge.source) && drawn.has(edge.target))
}

function strongest(edges: readonly DrawingEdge[], count: number): DrawingEdge[] {
  return edges.toSorted((a, b) => (b.weight ?? 1) - (a.weight ?? 1)).slice(0, count)
}

function countLinks(edges: readonly DrawingEdge[]): Map<string, number> {
  const degrees = new Map<string, number>()
  for (const { source, target } of edges) {
    degrees.set(source, (degrees.get(source) ?? 0) + 1)
    degrees.set(target, (degrees.get(target) ?? 0) + 1)
  }
  return degrees
}

function nodeSize(node: Drawn, links: number): number {
  const growth = Math.min(5, Math.log2(1 + (node.degree ?? links)) * 0.6)
  return ROLE_STYLES[node.role].size + growth + (node.seed ? 1.5 : 0)
}

function roundsFor(count: number): number {
  return Math.round(Math.min(400, Math.max(120, 240_000 / Math.max(1, count))))
}

/** Runs the force layout from a spiral of starting points: the surest accounts in the middle, a fixed jitter by id. */
function place(nodes: readonly Drawn[], edges: readonly DrawingEdge[], iterations: number): Point[] {
  const graph = new UndirectedGraph()
  nodes.forEach((node, i) => {
    const jitter = seededRandom(fnv1a(node.id))
    const radius = 10 * Math.sqrt(i + 1) * (1 + 0.2 * jitter())
    const angle = i * 2.399963 + 0.3 * jitter()
    graph.addNode(node.id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) })
  })
  for (const { source, target, weight = 1 } of edges) {
    if (graph.hasEdge(source, target)) graph.updateEdgeAttribute(source, target, 'weight', (w: number) => w + weight)
    else graph.addEdge(source, target, { weight })
  }
  // The weight's logarithm, or one pair with a thousand messages would fold the picture around itself.
  graph.forEachEdge((edge, { weight }) => {
    graph.setEdgeAttribute(edge, 'weight', 1 + Math.log1p(Math.max(0, Number(weight) || 0)))
  })
  const settings = { gravity: 0.6, scalingRatio: 12, strongGravityMode: true, slowDown: 4, edgeWeightInfluence: 0.6 }
  const places =
    graph.order > 1
      ? forceAtlas2(graph, {
          iterations,
          getEdgeWeight: 'weight',
          settings: { ...settings, barnesHutOptimize: graph.order > 400 },
        })
      : {}
  return nodes.map(({ id }) => {
    const point = (places as Record<string, Point>)[id] ?? { x: 0, y: 0 }
    return { x: point.x, y: point.y }
  })
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
