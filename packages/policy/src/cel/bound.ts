import type { FactType } from './check.ts'
import type { Node } from './tree.ts'
import type { CelType } from './types.ts'

/** Characters that a fact has at most where its declaration says nothing else. */
export const MOST = 256
/** The same for entries of a list or map. */
export const MOST_ENTRIES = 64

/** The most steps an expression can take, and the size its value can have. */
export interface Bound {
  readonly steps: number
  readonly size: number
}

/** A static bound over every input that the declarations allow. Cost: linear in the tree. */
export function bound(node: Node, facts: Readonly<Record<string, FactType>>, sizes: number[] = []): Bound {
  const down = (one: Node): Bound => bound(one, facts, sizes)
  switch (node.kind) {
    case 'constant':
      return { steps: 0, size: constantSize(node.value) }
    case 'fact':
      return { steps: 1, size: facts[node.name]?.most ?? typeSize(node.type) }
    case 'local':
      return { steps: 0, size: Math.max(sizes[node.slot] ?? 0, typeSize(node.type, 0)) }
    case 'field':
      return { steps: down(node.of).steps + 1, size: typeSize(node.type) }
    case 'list':
      return { steps: total(node.items.map(down)) + node.items.length, size: node.items.length }
    case 'map':
      return { steps: total(node.entries.flat().map(down)) + node.entries.length, size: node.entries.length }
    case 'call':
      return callBound(node, node.args.map(down))
    case 'choice': {
      const [test, yes, no] = [down(node.test), down(node.yes), down(node.no)]
      return { steps: test.steps + Math.max(yes.steps, no.steps), size: Math.max(yes.size, no.size) }
    }
    case 'and':
    case 'or':
      return { steps: down(node.left).steps + down(node.right).steps, size: 1 }
    case 'not':
    case 'not-strictly-false':
    case 'surely':
      return { steps: down(node.of).steps, size: 1 }
    case 'loop':
      return loopBound(node, facts, sizes)
  }
}

function callBound(node: Extract<Node, { kind: 'call' }>, args: readonly Bound[]): Bound {
  const given = args.map((one) => one.size)
  return {
    steps: total(args) + (node.target.steps?.(given) ?? 1),
    size: node.target.size?.(given) ?? typeSize(node.type, 1),
  }
}

/** What the loop gathers can grow by what one round adds, each round. */
function loopBound(
  node: Extract<Node, { kind: 'loop' }>,
  facts: Readonly<Record<string, FactType>>,
  sizes: number[],
): Bound {
  const over = bound(node.over, facts, sizes)
  const start = bound(node.start, facts, sizes)
  const rounds = Math.max(1, over.size)
  const within = (total: number): number[] => {
    const inside = [...sizes]
    inside[node.item] = node.over.type.kind === 'list' ? typeSize(node.over.type.of, 1) : 1
    inside[node.total] = total
    return inside
  }
  const grown = start.size + rounds * bound(node.step, facts, within(0)).size
  const inside = within(grown)
  const round = bound(node.goesOn, facts, inside).steps + bound(node.step, facts, inside).steps + 2 + grown / 16
  const result = bound(node.result, facts, inside)
  return { steps: over.steps + start.steps + rounds * round + result.steps, size: result.size }
}

function typeSize(type: CelType, other = MOST): number {
  if (type.kind === 'list' || type.kind === 'map') return MOST_ENTRIES
  if (['string', 'bytes', 'dyn'].includes(type.kind)) return MOST
  return type.kind === 'object' || type.kind === 'param' ? 1 : Math.min(other, 1)
}

function constantSize(value: unknown): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 1
}

function total(bounds: readonly Bound[]): number {
  return bounds.reduce((all, one) => all + one.steps, 0)
}
