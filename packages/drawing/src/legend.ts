import { escapeText } from './escape.ts'
import { relationStyle } from './relations.ts'
import { DRAWN_ROLES, ROLE_STYLES } from './roles.ts'
import { n, shapeElement } from './shapes.ts'
import { relationClass } from './svg-style.ts'
import type { NetworkLayout } from './types.ts'
import { grouped, hiddenNote, roleCounts } from './words.ts'

const LEFT = 26
const ROW = 24
const CHARACTER = 6.7

interface Entry {
  readonly mark: (x: number, y: number) => string
  readonly markWidth: number
  readonly text: string
}

/** Roles and relations with their counts, wrapped to the picture's width, and what was left out. */
export function drawLegend(layout: NetworkLayout, width: number, top: number): { elements: string; height: number } {
  const rows = [...wrap([...roleEntries(layout), seedEntry], width), ...wrap(relationEntries(layout), width)]
  const lines = rows.map((row, i) => rowElements(row, top + 22 + i * ROW))
  const note = hiddenNote(layout)
  if (note) {
    const y = top + 26 + rows.length * ROW
    lines.push(`<text class="key note" x="${LEFT - 8}" y="${y}">${escapeText(note)}</text>`)
  }
  const height = 14 + (rows.length + (note ? 1 : 0)) * ROW
  return {
    elements: `<path class="rule" d="M16 ${top}H${width - 16}"/><g class="legend">${lines.join('')}</g>`,
    height,
  }
}

function roleEntries(layout: NetworkLayout): Entry[] {
  const counts = roleCounts(layout)
  return DRAWN_ROLES.filter((role) => counts.get(role)).map((role) => {
    const { shape, hollow, letter, name } = ROLE_STYLES[role]
    const mark = (x: number, y: number) =>
      `<g class="node ${role}">${shapeElement(shape, x, y, 7.5, `class="${hollow ? 'hollow' : 'solid'}"`)}<text x="${n(x)}" y="${n(y + 2.9)}" font-size="8">${letter}</text></g>`
    return { mark, markWidth: 14, text: `${name} (${grouped(counts.get(role)!)})` }
  })
}

const seedEntry: Entry = {
  mark: (x, y) => `<g class="node">${shapeElement('circle', x, y, 8, 'class="seed-ring"')}</g>`,
  markWidth: 14,
  text: 'Seed (ringed)',
}

function relationEntries(layout: NetworkLayout): Entry[] {
  const counts = [...Map.groupBy(layout.edges, (edge) => edge.relation)].map(
    ([name, edges]) => [name, edges.length] as const,
  )
  const common = counts.toSorted((a, b) => b[1] - a[1]).slice(0, 6)
  return common.map(([relation, links]) => {
    const { name, dash, width } = relationStyle(relation)
    const dashes = dash ? ` stroke-dasharray="${dash}"` : ''
    const mark = (x: number, y: number) =>
      `<path class="${relationClass(relation)}" stroke-width="${Math.max(1.2, width)}"${dashes} d="M${n(x - 8)} ${n(y)}h22"/>`
    return { mark, markWidth: 22, text: `${escapeText(name.slice(0, 30))} (${grouped(links)})` }
  })
}

function wrap(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const need = widthOf(entry)
    if (used + need > width - LEFT) {
      rows.push([])
      used = LEFT
    }
    rows.at(-1)!.push(entry)
    used += need
  }
  return rows
}

function rowElements(row: readonly Entry[], y: number): string {
  let x = LEFT
  return row
    .map((entry) => {
      const element = `${entry.mark(x, y)}<text class="key" x="${n(x + entry.markWidth)}" y="${n(y + 4)}">${entry.text}</text>`
      x += widthOf(entry)
      return element
    })
    .join('')
}

function widthOf(entry: Entry): number {
  return entry.markWidth + entry.text.length * CHARACTER + 20
}
