import { relationStyle } from './relations.ts'
import { DRAWN_ROLES, ROLE_STYLES } from './roles.ts'
import type { DrawnRole } from './types.ts'

/** `auto` follows the reader's own setting. */
export type Scheme = 'light' | 'dark' | 'auto'

/** Relations with a colour of their own; the others share a quiet one. */
const KNOWN_RELATIONS = ['mention', 'backup', 'contact', 'identifier'] as const

export function relationClass(relation: string): string {
  const known = KNOWN_RELATIONS.find((name) => name === relation)
  return known ? `edge-${known}` : 'edge-plain'
}

/** The style sheet of one picture. */
export function svgStyle(scheme: Scheme): string {
  const body = `.network .ground{fill:var(--ground)}
.network .edges{fill:none}
.network .edge-plain{stroke:var(--edge-plain)}
${KNOWN_RELATIONS.map((name) => `.network .edge-${name}{stroke:var(--edge-${name})}`).join('\n')}
.network .node .solid{stroke:var(--ground);stroke-width:1}
.network .node .hollow{fill:var(--ground);stroke-width:1.6}
.network .node text{fill:var(--ground);text-anchor:middle;font-family:system-ui,sans-serif;font-weight:700;pointer-events:none}
.network .node .seed-ring{fill:none;stroke:var(--ink);stroke-width:2}
${DRAWN_ROLES.map((role) => roleRules(role)).join('\n')}
.network .labels text{fill:var(--ink);font:500 11px system-ui,sans-serif;paint-order:stroke;stroke:var(--ground);stroke-width:3px;stroke-linejoin:round;pointer-events:none}
.network .key{fill:var(--ink);font:12px system-ui,sans-serif}
.network .note{fill:var(--soft)}
.network .rule{stroke:var(--edge-plain);stroke-opacity:.4}`
  if (scheme !== 'auto') return `.network{${variables(scheme)}}\n${body}`
  return `.network{${variables('light')}}\n@media (prefers-color-scheme:dark){.network{${variables('dark')}}}\n@media print{.network{${variables('light')}}}\n${body}`
}

function roleRules(role: DrawnRole): string {
  const solid = `.network .${role} .solid{fill:var(--${role})}`
  const hollow = `.network .${role} .hollow{stroke:var(--${role})}.network .${role} .hollow~text{fill:var(--${role})}`
  return ROLE_STYLES[role].hollow ? hollow : solid
}

function variables(scheme: 'light' | 'dark'): string {
  const base =
    scheme === 'light'
      ? '--ground:#fff;--ink:#101828;--soft:#475467;'
      : '--ground:#11161f;--ink:#eef2f8;--soft:#aab4c3;'
  const roles = DRAWN_ROLES.map((role) => `--${role}:${ROLE_STYLES[role][scheme]};`)
  const edges = KNOWN_RELATIONS.map((name) => `--edge-${name}:${relationStyle(name)[scheme]};`)
  return `${base}${roles.join('')}--edge-plain:${relationStyle('follow')[scheme]};${edges.join('')}`
}
