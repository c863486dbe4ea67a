import type { CelFunction } from './functions.ts'
import type { CelType } from './types.ts'

/** A checked expression: names resolved, every node with its type and its place (offset) in the source. */
export type Node = { readonly type: CelType; readonly at: number } & (
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'fact'; readonly name: string }
  | { readonly kind: 'local'; readonly slot: number; readonly name: string }
  | { readonly kind: 'field'; readonly of: Node; readonly field: string; readonly present: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly target: CelFunction }
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not' | 'not-strictly-false' | 'surely'; readonly of: Node }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[] }
  | Loop
)

/** What the macros all, exists, exists_one, map and filter stand for. */
export interface Loop {
  readonly kind: 'loop'
  readonly over: Node
  readonly item: number
  readonly total: number
  readonly start: Node
  readonly goesOn: Node
  readonly step: Node
  readonly result: Node
}

/** The nodes directly below. */
export function below(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'field':
    case 'not':
    case 'not-strictly-false':
    case 'surely':
      return [node.of]
    case 'call':
      return node.args
    case 'and':
    case 'or':
      return [node.left, node.right]
    case 'choice':
      return [node.test, node.yes, node.no]
    case 'list':
      return node.items
    case 'map':
      return node.entries.flat()
    case 'loop':
      return [node.over, node.start, node.goesOn, node.step, node.result]
    default:
      return []
  }
}

/** Names of the facts an expression reads. */
export function factsOf(node: Node, found = new Set<string>()): ReadonlySet<string> {
  if (node.kind === 'fact') found.add(node.name)
  for (const one of below(node)) factsOf(one, found)
  return found
}
