import { DRAWN_ROLES, ROLE_STYLES } from './roles.ts'
import type { DrawnRole, NetworkLayout } from './types.ts'

/** One sentence that says what the picture shows and what it leaves out. */
export function describeLayout(layout: NetworkLayout): string {
  const counts = roleCounts(layout)
  const seeds = layout.nodes.filter((node) => node.seed).length
  const roles = DRAWN_ROLES.filter((role) => counts.get(role)).map(
    (role) => `${counts.get(role)} ${ROLE_STYLES[role].name.toLowerCase()}`,
  )
  const shown = `${count(layout.nodes.length, 'account')} and ${count(layout.edges.length, 'link')}, ${count(seeds, 'seed')} among them`
  return `${shown}: ${roles.join(', ') || 'none'}. ${hiddenNote(layout) ?? 'Nothing is left out.'}`
}

/** What was left out of the picture, or null when nothing was. */
export function hiddenNote({ hidden }: NetworkLayout): string | null {
  const parts = [
    hidden.nodes > 0 ? `+${grouped(hidden.nodes)} more accounts, ranked or without a link here` : '',
    hidden.edges > 0 ? `+${grouped(hidden.edges)} weaker links` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `Not drawn: ${parts.join('; ')}.` : null
}

/** How many drawn nodes have each role. */
export function roleCounts(layout: NetworkLayout): Map<DrawnRole, number> {
  const counts = new Map<DrawnRole, number>()
  for (const node of layout.nodes) counts.set(node.role, (counts.get(node.role) ?? 0) + 1)
  return counts
}

/** A probability as people read it; never rounded up to certainty nor down to none. */
export function percent(probability: number): string {
  if (!(probability > 0)) return '0 %'
  if (probability < 0.01) return '< 1 %'
  if (probability > 0.99 && probability < 1) return '> 99 %'
  return `${Math.round(probability * 100)} %`
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

function count(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? '' : 's'}`
}
