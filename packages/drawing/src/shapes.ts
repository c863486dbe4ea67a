import type { Shape } from './roles.ts'

/** An SVG element of one shape around (x, y); all shapes of one radius cover about the same area. */
export function shapeElement(shape: Shape, x: number, y: number, radius: number, attributes = ''): string {
  if (shape === 'circle') return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" ${attributes}/>`
  return `<path d="${outline(shape, x, y, radius)}" ${attributes}/>`
}

function outline(shape: Exclude<Shape, 'circle'>, x: number, y: number, radius: number): string {
  if (shape === 'square') {
    const half = radius * 0.88
    return `M${n(x - half)} ${n(y - half)}h${n(2 * half)}v${n(2 * half)}h${n(-2 * half)}z`
  }
  const corners = shape === 'hexagon' ? 6 : 4
  const reach = shape === 'hexagon' ? radius * 1.1 : radius * 1.25
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI
    return `${n(x + reach * Math.cos(angle))} ${n(y + reach * Math.sin(angle))}`
  })
  return `M${points.join('L')}z`
}

/** A number short enough for a picture. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100)
}
