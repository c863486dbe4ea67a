import { escapeText } from './escape.ts'
import { placeLabels } from './labels.ts'
import { drawLegend } from './legend.ts'
import { relationStyle } from './relations.ts'
import { ROLE_STYLES } from './roles.ts'
import { n, shapeElement } from './shapes.ts'
import { relationClass, type Scheme, svgStyle } from './svg-style.ts'
import type { DrawingEdge, NetworkLayout, PlacedNode } from './types.ts'
import { describeLayout, percent } from './words.ts'

export interface SvgOptions {
  readonly width?: number
  readonly height?: number
  /** `auto` follows the reader's own setting. */
  readonly scheme?: Scheme
  readonly title?: string
  /** A sentence for people who do not see the picture; by default the counts per role. */
  readonly description?: string
  /** Most ids written beside their nodes. */
  readonly labels?: number
  readonly legend?: boolean
  /** Prefix of the ids inside the SVG, when several share one page. */
  readonly idPrefix?: string
}

const MARGIN = 34

/**
 * The picture as one self-contained SVG string with title, description, legend and the count of what was left out. Every id is
 * escaped. Nodes carry `data-node`, links `data-a` and `data-b`, the numbers of `layout.nodes`, for pages that light them up.
 */
export function drawSvg(layout: NetworkLayout, options: SvgOptions = {}): string {
  const { width = 960, height = 600, scheme = 'auto', labels = 14, legend = true, idPrefix = 'firebreak' } = options
  const title = options.title ?? 'Network'
  const description = options.description ?? describeLayout(layout)
  const key = legend ? drawLegend(layout, width, height) : null
  const total = height + (key?.height ?? 0)
  const at = placer(width, height)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="network" viewBox="0 0 ${width} ${total}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc">`,
    `<title id="${idPrefix}-title">${escapeText(title)}</title>`,
    `<desc id="${idPrefix}-desc">${escapeText(description)}</desc>`,
    `<style>${svgStyle(scheme)}</style>`,
    `<rect class="ground" width="${width}" height="${total}" rx="12"/>`,
    edgeElements(layout, at),
    `<g class="nodes">${layout.nodes.map((node, i) => nodeElement(node, i, at)).join('')}</g>`,
    labelElements(layout, at, width, height, labels),
    key?.elements ?? '',
    '</svg>',
  ].join('\n')
}

type Placer = (node: PlacedNode) => { x: number; y: number }

function placer(width: number, height: number): Placer {
  return ({ x, y }) => ({
    x: width / 2 + x * (width / 2 - MARGIN),
    y: height / 2 + y * (height / 2 - MARGIN),
  })
}

function edgeElements(layout: NetworkLayout, at: Placer): string {
  const numbers = new Map(layout.nodes.map((node, i) => [node.id, i]))
  const byRelation = Map.groupBy(layout.edges, (edge) => edge.relation)
  const faint = Math.max(0.16, Math.min(0.55, 90 / Math.sqrt(1 + layout.edges.length) / 6))
  return [...byRelation]
    .map(([relation, edges]) => {
      const { dash, width } = relationStyle(relation)
      const dashes = dash ? ` stroke-dasharray="${dash}"` : ''
      const lines = edges.map((edge) => edgeElement(edge, numbers, layout, at)).join('')
      const opacity = n(dash ? Math.min(0.85, faint * 2) : faint)
      return `<g class="edges ${relationClass(relation)}" stroke-width="${width}" stroke-opacity="${opacity}"${dashes}>${lines}</g>`
    })
    .join('\n')
}

function edgeElement(edge: DrawingEdge, numbers: Map<string, number>, layout: NetworkLayout, at: Placer): string {
  const a = numbers.get(edge.source)!
  const b = numbers.get(edge.target)!
  const from = at(layout.nodes[a]!)
  const to = at(layout.nodes[b]!)
  return `<path data-a="${a}" data-b="${b}" d="M${n(from.x)} ${n(from.y)}L${n(to.x)} ${n(to.y)}"/>`
}

function nodeElement(node: PlacedNode, i: number, at: Placer): string {
  const style = ROLE_STYLES[node.role]
  const { x, y } = at(node)
  const ring = node.seed ? shapeElement('circle', x, y, node.size + 4.5, 'class="seed-ring"') : ''
  const shape = shapeElement(style.shape, x, y, node.size, `class="${style.hollow ? 'hollow' : 'solid'}"`)
  const letter =
    node.size >= 5.5
      ? `<text x="${n(x)}" y="${n(y + node.size * 0.36)}" font-size="${n(node.size)}">${style.letter}</text>`
      : ''
  const about = `${node.id} · ${node.seed ? 'seed, ' : ''}${style.name.toLowerCase()} · ${percent(node.probability)}`
  return `<g class="node ${node.role}" data-node="${i}"><title>${escapeText(about)}</title>${ring}${shape}${letter}</g>`
}

function labelElements(layout: NetworkLayout, at: Placer, width: number, height: number, limit: number): string {
  const labels = placeLabels(layout.nodes, at, { width, height }, limit)
  const texts = labels.map(
    ({ text, x, y, anchor }) => `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}">${escapeText(text)}</text>`,
  )
  return `<g class="labels" aria-hidden="true">${texts.join('')}</g>`
}
