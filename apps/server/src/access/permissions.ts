import type { Role } from '@firebreak/ledger'

/** Everything that may be asked of Firebreak; every route names one. API keys carry them as scopes. */
export const PERMISSIONS = [
  'read',
  'reveal',
  'networks:write',
  'labels:write',
  'plans:write',
  'plans:approve',
  'appeals',
  'events:write',
  'imports:write',
  'probes:write',
  'guard:write',
  'legal-basis:write',
  'statements',
  'verdicts',
  'explain',
  'banks:write',
  'match',
  'lexicon:write',
  'lexicon:approve',
  'media:write',
  'reports:write',
  'review',
  'review:child-safety',
  'review:manage',
  'audit',
  'api-keys',
  'users',
  'own-data',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What each role may do. An auditor reads everything and changes nothing; only an investigator sees who is who. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: [
    'read',
    'lexicon:write',
    'lexicon:approve',
    'banks:write',
    'match',
    'media:write',
    'reports:write',
    'review:manage',
    'events:write',
    'imports:write',
    'guard:write',
    'legal-basis:write',
    'statements',
    'verdicts',
    'audit',
    'api-keys',
    'users',
    'own-data',
  ],
  investigator: [
    'read',
    'lexicon:write',
    'lexicon:approve',
    'reveal',
    'networks:write',
    'labels:write',
    'plans:write',
    'plans:approve',
    'appeals',
    'imports:write',
    'probes:write',
    'guard:write',
    'verdicts',
    'explain',
    'match',
    'own-data',
  ],
  moderator: ['read', 'verdicts', 'review', 'appeals'],
  'child-safety-moderator': ['read', 'verdicts', 'review', 'review:child-safety', 'appeals'],
  policy: [
    'read',
    'verdicts',
    'explain',
    'lexicon:write',
    'lexicon:approve',
    'banks:write',
    'match',
    'guard:write',
    'review:manage',
    'plans:approve',
  ],
  auditor: ['read', 'audit'],
}

export const ROLES = Object.keys(ROLE_PERMISSIONS) as readonly Role[]

export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role] ?? []))
}

export function isPermission(name: string): name is Permission {
  return (PERMISSIONS as readonly string[]).includes(name)
}
