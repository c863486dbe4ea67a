import { type PlacedNode, placeLabels, shorten } from '@firebreak/drawing/roles'
import type Sigma from 'sigma'
import type { Looks } from './picture.ts'

export interface Focus {
  /** The account that is looked at, if any. */
  readonly account: string | null
  readonly near: ReadonlySet<string>
}

const FONT = 'system-ui, sans-serif'

/** A layer with what is written: a letter inside every node that is big enough, and ids where they cover nothing. */
export function writeOn(sigma: Sigma, looks: Looks, focus: () => Focus): void {
  // The declaration forgets `beforeLayer`, without which the layer would lie over the one that takes the pointer.
  sigma.createCanvasContext('writing', { beforeLayer: 'mouse' } as Record<string, string>)
  sigma.resize(true)
  const write = () => {
    const context = sigma.getCanvases().writing?.getContext('2d')
    if (!context) return
    const size = sigma.getDimensions()
    context.clearRect(0, 0, size.width, size.height)
    const seen = seenNodes(sigma, size)
    context.textAlign = 'center'
    context.fillStyle = looks.ground
    for (const { node, x, y, letter, quiet } of seen) {
      if (node.size < 5 || letter === null || quiet) continue
      context.font = `700 ${Math.round(node.size * 1.05)}px ${FONT}`
      context.fillText(letter, x, y + node.size * 0.37)
    }
    writeIds(context, seen, focus(), looks, size, sigma.getCamera().ratio)
  }
  sigma.on('afterRender', write)
  write()
}

interface Seen {
  readonly node: PlacedNode
  readonly x: number
  readonly y: number
  readonly letter: string | null
  readonly quiet: boolean
}

function seenNodes(sigma: Sigma, { width, height }: { width: number; height: number }): Seen[] {
  const seen: Seen[] = []
  sigma.getGraph().forEachNode((id, attributes) => {
    const data = sigma.getNodeDisplayData(id)
    if (!data || data.hidden) return
    const { x, y } = sigma.graphToViewport({ x: attributes.x as number, y: attributes.y as number })
    if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return
    const node = { ...(attributes as PlacedNode), id, size: sigma.scaleSize(data.size) }
    seen.push({
      node,
      x,
      y,
      letter: attributes.hollow ? null : (attributes.letter as string),
      quiet: data.zIndex === 0,
    })
  })
  return seen
}

function writeIds(
  context: CanvasRenderingContext2D,
  seen: readonly Seen[],
  { account, near }: Focus,
  looks: Looks,
  size: { width: number; height: number },
  ratio: number,
): void {
  const places = new Map(seen.map(({ node, x, y }) => [node, { x, y }]))
  const focused = seen.filter(({ node }) => node.id === account || near.has(node.id))
  const named = account === null ? seen : focused
  const limit = Math.round(Math.min(80, 16 / Math.max(0.2, ratio)))
  const nodes = named.map(({ node }) => node)
  const first = nodes.find((node) => node.id === account)
  context.font = `500 11.5px ${FONT}`
  context.lineWidth = 3.5
  context.lineJoin = 'round'
  for (const label of placeLabels(nodes, (node) => places.get(node)!, size, limit, first)) {
    context.textAlign = label.anchor === 'middle' ? 'center' : label.anchor
    context.strokeStyle = looks.ground
    context.strokeText(shorten(label.node.id), label.x, label.y)
    context.fillStyle = looks.ink
    context.fillText(shorten(label.node.id), label.x, label.y)
  }
}
