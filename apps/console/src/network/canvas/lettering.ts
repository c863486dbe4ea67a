import type Sigma from 'sigma'
import type { NodeHoverDrawingFunction, NodeLabelDrawingFunction } from 'sigma/rendering'
import type { Looks } from './picture.ts'

/** The id beside its node, with a rim of the ground's colour so that lines do not run through it. */
export function drawLabel(looks: Looks): NodeLabelDrawingFunction {
  return (context, data, settings) => {
    if (!data.label) return
    const text = data.label.length > 26 ? `${data.label.slice(0, 17)}…${data.label.slice(-7)}` : data.label
    const away = (data as { seed?: boolean }).seed ? 9 : 4
    context.font = `500 ${settings.labelSize}px ${settings.labelFont}`
    context.lineWidth = 3.5
    context.lineJoin = 'round'
    context.strokeStyle = looks.ground
    context.strokeText(text, data.x + data.size + away, data.y + 4)
    context.fillStyle = looks.ink
    context.fillText(text, data.x + data.size + away, data.y + 4)
  }
}

/** The account under the pointer or chosen: a ring and its id. */
export function drawHover(looks: Looks): NodeHoverDrawingFunction {
  const label = drawLabel(looks)
  return (context, data, settings) => {
    context.beginPath()
    context.arc(data.x, data.y, data.size + 7, 0, 2 * Math.PI)
    context.strokeStyle = looks.ink
    context.lineWidth = 1.5
    context.setLineDash([3, 3])
    context.stroke()
    context.setLineDash([])
    label(context, { ...data, seed: true } as typeof data, settings)
  }
}

/** The role's letter inside every node that is big enough on the screen. */
export function drawLetters(sigma: Sigma, looks: Looks): void {
  // The declaration forgets `beforeLayer`, without which the layer would lie over the one that takes the pointer.
  sigma.createCanvasContext('letters', { beforeLayer: 'labels' } as Record<string, string>)
  sigma.resize(true)
  const draw = () => {
    const context = sigma.getCanvases().letters?.getContext('2d')
    if (!context) return
    const { width, height } = sigma.getDimensions()
    context.clearRect(0, 0, width, height)
    context.textAlign = 'center'
    sigma.getGraph().forEachNode((id, attributes) => {
      const data = sigma.getNodeDisplayData(id)
      if (!data || data.hidden || attributes.hollow) return
      const size = sigma.scaleSize(data.size)
      if (size < 5) return
      const { x, y } = sigma.graphToViewport(attributes as { x: number; y: number })
      if (x < 0 || y < 0 || x > width || y > height) return
      context.font = `700 ${Math.round(size * 1.05)}px system-ui, sans-serif`
      context.fillStyle = looks.ground
      context.fillText(attributes.letter, x, y + size * 0.37)
    })
  }
  sigma.on('afterRender', draw)
  draw()
}
