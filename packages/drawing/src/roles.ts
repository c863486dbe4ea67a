import type { DrawnRole, NetworkRole } from './types.ts'

export type Shape = 'circle' | 'hexagon' | 'diamond' | 'square'

export interface RoleStyle {
  readonly role: DrawnRole
  readonly name: string
  /** Drawn inside the shape, so that nothing rests on colour alone. */
  readonly letter: string
  readonly shape: Shape
  /** Outline only: people who are near the network but not of it look lighter. */
  readonly hollow: boolean
  /** Radius in pixels of a 960-pixel picture, before links are counted. */
  readonly size: number
  readonly light: string
  readonly dark: string
  readonly meaning: string
}

/**
 * One look per network role. The colours keep apart under the three common kinds of colour blindness
 * (after Okabe and Ito's set, darkened or lightened to at least 3:1 against the page).
 */
export const ROLE_STYLES: Readonly<Record<DrawnRole, RoleStyle>> = {
  hub: {
    role: 'hub',
    name: 'Hub',
    letter: 'H',
    shape: 'hexagon',
    hollow: false,
    size: 9,
    light: '#c2410c',
    dark: '#ff9055',
    meaning: 'holds many of the network’s links',
  },
  member: {
    role: 'member',
    name: 'Member',
    letter: 'M',
    shape: 'circle',
    hollow: false,
    size: 6,
    light: '#1f62b0',
    dark: '#6bb4ff',
    meaning: 'is tightly linked with the seeds',
  },
  bridge: {
    role: 'bridge',
    name: 'Bridge',
    letter: 'B',
    shape: 'diamond',
    hollow: false,
    size: 7,
    light: '#0a7a5c',
    dark: '#4bd6a8',
    meaning: 'joins parts that would be apart without it',
  },
  bystander: {
    role: 'bystander',
    name: 'Bystander',
    letter: 'Y',
    shape: 'square',
    hollow: true,
    size: 4.5,
    light: '#856404',
    dark: '#e9c84a',
    meaning: 'is near the network, not part of it',
  },
  audience: {
    role: 'audience',
    name: 'Audience',
    letter: 'A',
    shape: 'circle',
    hollow: true,
    size: 3.5,
    light: '#667085',
    dark: '#9aa6b6',
    meaning: 'follows the network and is not followed back',
  },
}

/** In the order of a legend: from the core outwards. */
export const DRAWN_ROLES: readonly DrawnRole[] = ['hub', 'member', 'bridge', 'bystander', 'audience']

/** Whether a picture or list may show this role. */
export function isDrawn(role: NetworkRole): role is DrawnRole {
  return role !== 'likely-victim'
}
