import { type DrawnRole, ROLE_STYLES, relationStyle } from '@firebreak/drawing/roles'
import { MultiUndirectedGraph } from 'graphology'
import Sigma from 'sigma'
import type { NodeHoverDrawingFunction } from 'sigma/rendering'
import type { Drawing } from '../../api/types.ts'
import { isShown, type View } from '../view.ts'
import { writeOn } from './lettering.ts'
import { packLook, shapeProgram } from './shape-program.ts'

type Scheme = 'light' | 'dark'

export interface Looks {
  readonly scheme: Scheme
  readonly ground: string
  readonly ink: string
}

export const LOOKS: Readonly<Record<Scheme, Looks>> = {
  light: { scheme: 'light', ground: '#ffffff', ink: '#101828' },
  dark: { scheme: 'dark', ground: '#121822', ink: '#eef2f8' },
}

export interface Picture {
  /** Shows another view of the same drawing, without moving anything. */
  readonly show: (view: View) => void
  readonly zoom: (step: 'in' | 'out' | 'all') => void
  readonly close: () => void
}

/** The drawing on a canvas; clicking an account chooses it, clicking the ground lets go. Throws without WebGL. */
export function openPicture(
  container: HTMLElement,
  drawing: Drawing,
  looks: Looks,
  onSelect: (account: string | null) => void,
): Picture {
  let view: View = {}
  let near: ReadonlySet<string> = new Set()
  let hovered: string | null = null
  let offRelations: ReadonlySet<string> = new Set()
  const graph = buildGraph(drawing, looks, container.clientWidth / Math.max(1, container.clientHeight))
  const sigma = new Sigma(graph, container, {
    defaultNodeType: 'shape',
    nodeProgramClasses: { shape: shapeProgram(looks.ground, looks.ink) },
    renderLabels: false, // written by writeOn, where they cover nothing
    defaultDrawNodeHover: drawRing(looks),
    stagePadding: 36,
    zIndex: true,
    minCameraRatio: 0.08,
    maxCameraRatio: 2.5,
    nodeReducer: (id, data) => {
      const shown = isShown(data as never, view)
      const focus = view.sel ?? hovered
      const faded = focus !== undefined && focus !== null && id !== focus && !near.has(id)
      if (!shown) return { ...data, hidden: true }
      if (!faded) return { ...data, zIndex: 2, highlighted: id === view.sel }
      return { ...data, color: mix(data.color, looks.ground, 0.82), look: data.look % 8, zIndex: 0 }
    },
    edgeReducer: (edge, data) => {
      if (offRelations.has(data.relation)) return { ...data, hidden: true }
      const focus = view.sel ?? hovered
      if (!focus) return data
      const touches = graph.hasExtremity(edge, focus)
      return touches
        ? { ...data, color: data.strong, size: Math.max(1.6, data.size), zIndex: 1 }
        : { ...data, color: data.faint }
    },
  })
  writeOn(sigma, looks, () => ({ account: view.sel ?? hovered, near }))

  const refocus = () => {
    const focus = view.sel ?? hovered
    near = new Set(focus && graph.hasNode(focus) ? graph.neighbors(focus) : [])
    sigma.refresh({ skipIndexation: true })
  }
  sigma.on('clickNode', ({ node }) => onSelect(node))
  sigma.on('clickStage', () => onSelect(null))
  sigma.on('enterNode', ({ node }) => {
    container.style.cursor = 'pointer'
    hovered = node
    if (!view.sel) refocus()
  })
  sigma.on('leaveNode', () => {
    container.style.cursor = ''
    hovered = null
    if (!view.sel) refocus()
  })
  return {
    show(next) {
      view = next
      offRelations = new Set(next.off?.split('.').filter(Boolean))
      refocus()
    },
    zoom(step) {
      const camera = sigma.getCamera()
      if (step === 'all') void camera.animatedReset({ duration: 200 })
      else if (step === 'in') void camera.animatedZoom({ duration: 200 })
      else void camera.animatedUnzoom({ duration: 200 })
    },
    close: () => sigma.kill(),
  }
}

function buildGraph(drawing: Drawing, { scheme, ground }: Looks, aspect: number): MultiUndirectedGraph {
  const graph = new MultiUndirectedGraph()
  const faint = Math.min(0.75, 0.3 + 10 / Math.sqrt(1 + drawing.edges.length))
  for (const node of drawing.nodes) {
    if (node.role === 'likely-victim' || graph.hasNode(node.id)) continue
    const role: DrawnRole = node.role
    graph.addNode(node.id, {
      ...node,
      x: node.x * Math.max(1, Math.min(1.9, aspect)),
      y: -node.y,
      size: node.size ?? ROLE_STYLES[role].size,
      color: ROLE_STYLES[role][scheme],
      look: packLook(role, node.seed),
      letter: ROLE_STYLES[role].letter,
      hollow: ROLE_STYLES[role].hollow,
      type: 'shape',
    })
  }
  for (const { source, target, relation } of drawing.edges) {
    if (!graph.hasNode(source) || !graph.hasNode(target)) continue
    const style = relationStyle(relation)
    const strong = style[scheme]
    const plain = style.dash === null ? faint : Math.min(0.9, faint + 0.35)
    const colour = mix(ground, strong, plain)
    graph.addEdge(source, target, {
      relation,
      size: style.width,
      color: colour,
      strong,
      faint: mix(ground, strong, 0.07),
    })
  }
  return graph
}

/** A dashed ring around the account under the pointer or chosen. */
function drawRing(looks: Looks): NodeHoverDrawingFunction {
  return (context, data) => {
    context.beginPath()
    context.arc(data.x, data.y, data.size + 7, 0, 2 * Math.PI)
    context.strokeStyle = looks.ink
    context.lineWidth = 1.5
    context.setLineDash([3, 3])
    context.stroke()
    context.setLineDash([])
  }
}

/** `share` of the second #rrggbb colour in the first. */
export function mix(a: string, b: string, share: number): string {
  const part = (from: number) => {
    const x = Number.parseInt(a.slice(from, from + 2), 16)
    const y = Number.parseInt(b.slice(from, from + 2), 16)
    return Math.round(x + (y - x) * share)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${part(1)}${part(3)}${part(5)}`
}
