import type { DrawingNode, NetworkDrawing } from '@firebreak/drawing'
import type { NetworkMap } from '@firebreak/graph'

/** Outside the cut, only accounts this likely are drawn, and not more of them than this. */
const DRAWN_FROM = 0.05
const OUTSIDE_AT_MOST = 80

/** What a picture of a map shows: its seeds, its members and the likeliest of the rest. Likely victims are never drawn. */
export function drawingOf(map: NetworkMap, nodesAtMost = 400): NetworkDrawing {
  const seeds: DrawingNode[] = map.seeds
    .filter((seed) => seed.known)
    .map((seed) => ({ id: seed.account, role: 'member', member: seed.fits, seed: true, probability: seed.fit }))
  const listed = map.accounts.filter((account) => account.role !== 'likely-victim')
  const outside = listed.filter((account) => !account.member && account.probability >= DRAWN_FROM)
  const others: DrawingNode[] = [...listed.filter((account) => account.member), ...outside.slice(0, OUTSIDE_AT_MOST)]
    .slice(0, nodesAtMost)
    .map(({ account, role, member, probability }) => ({ id: account, role, member, seed: false, probability }))
  const nodes = [...seeds, ...others]
  const drawn = new Set(nodes.map((node) => node.id))
  return { nodes, edges: map.edges.filter((edge) => drawn.has(edge.source) && drawn.has(edge.target)) }
}
