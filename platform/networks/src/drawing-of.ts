import type { DrawingNode, NetworkDrawing } from '@firebreak/drawing'
import type { NetworkMap } from '@firebreak/graph'

/** What a picture of a map shows: its seeds, its members and the best of the rest. Likely victims are never drawn. */
export function drawingOf(map: NetworkMap, nodesAtMost = 400): NetworkDrawing {
  const seeds: DrawingNode[] = map.seeds
    .filter((seed) => seed.known)
    .map((seed) => ({ id: seed.account, role: 'member', member: seed.fits, seed: true, probability: seed.fit }))
  const others: DrawingNode[] = map.accounts
    .filter((account) => account.role !== 'likely-victim')
    .slice(0, nodesAtMost)
    .map(({ account, role, member, probability }) => ({ id: account, role, member, seed: false, probability }))
  const nodes = [...seeds, ...others]
  const drawn = new Set(nodes.map((node) => node.id))
  return { nodes, edges: map.edges.filter((edge) => drawn.has(edge.source) && drawn.has(edge.target)) }
}
