import { type Graph, GraphBuilder } from '@firebreak/graph'
import { RELATIONS } from './edge-list.ts'
import type { World } from './world.ts'

/** The world's current edges as a graph, without going through files: accounts keep their ids, items are `kind:name`. */
export function graphOf(world: World): Graph {
  const { edges, items } = world.parts
  const builder = new GraphBuilder()
  for (let node = 0; node < world.accountCount + items.count; node++) builder.intern(world.idOf(node))
  for (let edge = 0; edge < edges.count; edge++) {
    const relation = RELATIONS[edges.relation[edge]!]!
    const at = world.startMs + edges.at[edge]! * 1000
    builder.addInterned(edges.source[edge]!, edges.target[edge]!, relation, 1, at)
  }
  return builder.finish()
}
