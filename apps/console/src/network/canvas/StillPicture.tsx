import { drawSvg, layoutNetwork, type NetworkLayout, type PlacedNode, ROLE_STYLES } from '@firebreak/drawing'
import { useMemo } from 'react'
import type { Drawing } from '../../api/types.ts'

interface Props {
  readonly drawing: Drawing
  readonly description: string
  readonly scheme: 'light' | 'dark'
}

/** The picture where the browser has no WebGL. An image element: nothing in it can run. */
export function StillPicture({ drawing, description, scheme }: Props) {
  const source = useMemo(() => {
    const svg = drawSvg(asLayout(drawing), { scheme, legend: false, width: 960, height: 600 })
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  }, [drawing, scheme])
  return <img className="canvas still" src={source} alt={description} data-testid="still" />
}

/** A drawing without places is laid out here; the server's places are kept. */
function asLayout(drawing: Drawing): NetworkLayout {
  if (drawing.nodes.some((node) => !Number.isFinite(node.x))) return layoutNetwork(drawing)
  const nodes = drawing.nodes.flatMap((node): PlacedNode[] =>
    node.role === 'likely-victim' ? [] : [{ ...node, role: node.role, size: node.size ?? ROLE_STYLES[node.role].size }],
  )
  const drawn = new Set(nodes.map((node) => node.id))
  const edges = drawing.edges.filter((edge) => drawn.has(edge.source) && drawn.has(edge.target))
  return { nodes, edges, hidden: drawing.hidden ?? { nodes: 0, edges: 0, protected: 0 } }
}
