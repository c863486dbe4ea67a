import type { NetworkMap } from '@firebreak/graph'

/**
 * The map with some accounts protected as victims: no members whatever the cut says, likely victims by role, no seeds. What shows, labels
 * or plans from it treats them as it treats everybody found to be a likely victim.
 */
export function withVictims(map: NetworkMap, victims: ReadonlySet<string>): NetworkMap {
  if (victims.size === 0) return map
  return {
    ...map,
    seeds: map.seeds.filter(({ account }) => !victims.has(account)),
    accounts: map.accounts.map((row) =>
      victims.has(row.account) ? { ...row, member: false, role: 'likely-victim' } : row,
    ),
    edges: map.edges.filter(({ source, target }) => !victims.has(source) && !victims.has(target)),
    cut: { ...map.cut, borderline: map.cut.borderline.filter((account) => !victims.has(account)) },
  }
}
