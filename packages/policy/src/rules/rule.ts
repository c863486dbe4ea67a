import {
  bound,
  check,
  below as children,
  compile,
  factsOf,
  isProblem,
  type Node,
  type Problem,
  place,
  type Run,
} from '../cel/index.ts'
import { ACTIONS, type Action, PUBLIC_REASONS, type PublicReason } from '../verdict.ts'
import type { RuleFacts } from './parties.ts'
import { FACTS, type FactScope, FUNCTIONS, READERS } from './vocabulary.ts'

/** DRAFT: being written. BACKGROUND: judged and counted, decides nothing. LIVE: decides. EXPIRED: kept for the record. */
export const RULE_STATES = ['DRAFT', 'BACKGROUND', 'LIVE', 'EXPIRED'] as const
/** One of `RULE_STATES`. */
export type RuleState = (typeof RULE_STATES)[number]

/** A rule as people write it. */
export interface RuleSource {
  readonly id: string
  /** What it means, for whoever may see inside a verdict. */
  readonly says: string
  /** CEL over `FACTS` and `FUNCTIONS`; must be a bool. */
  readonly when: string
  readonly action: Exclude<Action, 'allow'>
  readonly reason: Exclude<PublicReason, 'none' | 'unchecked'>
  /** Rank multiplier of a downrank; the policy's own when absent. */
  readonly factor?: number
  /** Kind of screen when the action is `interstitial`; `listed` takes the one the text's list asks for. */
  readonly interstitial?: 'stop' | 'warn' | 'resources' | 'listed'
  /** Tells the person concerned: a demotion under this rule owes a statement of reasons (DSA art. 17). */
  readonly statement?: boolean
  readonly owner: string
  readonly state: RuleState
  /** ISO time after which a LIVE or BACKGROUND rule counts as EXPIRED. */
  readonly expiresAt?: string
}

/** Steps a rule may take on any input its facts allow (static bound), and on one subject (run-time budget). */
export const MOST_STEPS = 100_000

/** One `&&`-part of a rule with the latest scope among its facts. */
export interface Part {
  readonly scope: FactScope
  /** Of the subject it reads the type alone: in a list of one type it need be judged only once. */
  readonly typeOnly: boolean
  readonly run: Run<RuleFacts>
}

/** A rule that passed every check. */
export interface CompiledRule {
  readonly source: RuleSource
  readonly whole: Run<RuleFacts>
  /** Together they mean the same as `whole`, earliest facts first. */
  readonly parts: readonly Part[]
  /** Facts it reads, and those of `subject.…` it reads (null: the subject as a whole). */
  readonly reads: ReadonlySet<string>
  readonly subjectFields: ReadonlySet<string> | null
  readonly steps: number
  /** It reads ages or what follows from them: answers never name it. */
  readonly protective: boolean
  /** What it reads beside the facts that are kept with a verdict; on those alone it cannot be tried in full. */
  readonly notKept: readonly NotKept[]
}

/** Knowledge that never stands beside a stored verdict: ages (and what follows from them), counts, who is connected with whom. */
export type NotKept = 'ages' | 'counts' | 'connections'

/** Checks a rule and compiles it, or says what is wrong with it and where. */
export function compileRule(source: RuleSource): CompiledRule | Problem {
  const shape = shapeProblem(source)
  if (shape) return place(source.when, 0, shape)
  const tree = check(source.when, { facts: FACTS, functions: FUNCTIONS })
  if (isProblem(tree)) return tree
  if (tree.type.kind !== 'bool') return place(source.when, tree.at, 'the rule must be a bool: does it apply or not?')
  const { steps } = bound(tree, FACTS)
  if (steps > MOST_STEPS)
    return place(
      source.when,
      costliest(tree).at,
      `the rule may take ${Math.ceil(steps).toLocaleString('en')} steps; ${MOST_STEPS.toLocaleString('en')} are allowed`,
    )
  const order: readonly FactScope[] = ['fixed', 'request', 'subject']
  const parts = conjuncts(tree)
    .map((part) => ({ scope: scopeOf(part), typeOnly: readsTypeOnly(part), run: compile(part, READERS) }))
    .sort((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope))
  const reads = factsOf(tree)
  return {
    source,
    whole: compile(tree, READERS),
    parts,
    reads,
    subjectFields: subjectFields(tree),
    steps,
    protective: readsAge(tree),
    notKept: notKept(tree),
  }
}

function shapeProblem(source: RuleSource): string | null {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(source.id)) return 'the id must be a short name of a-z, 0-9 and hyphens'
  if (!ACTIONS.includes(source.action) || (source.action as string) === 'allow') return 'there is no such action'
  if (!PUBLIC_REASONS.includes(source.reason)) return `the public reason must be one of ${PUBLIC_REASONS.join(', ')}`
  if (source.action === 'interstitial' && source.interstitial === undefined) return 'an interstitial needs its kind'
  if (source.factor !== undefined && !(source.factor >= 0 && source.factor <= 1)) return 'factor must be 0..1'
  return null
}

function conjuncts(node: Node): Node[] {
  return node.kind === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node]
}

function scopeOf(node: Node): FactScope {
  const scopes = [...factsOf(node)].map((name) => FACTS[name]!.scope)
  return scopes.includes('subject') ? 'subject' : scopes.includes('request') ? 'request' : 'fixed'
}

function readsTypeOnly(part: Node): boolean {
  const fields = subjectFields(part)
  const others = [...factsOf(part)].filter((name) => name !== 'subject')
  return fields?.size === 1 && fields.has('type') && others.every((name) => FACTS[name]!.scope !== 'subject')
}

/** The loop that costs most, to point at. */
function costliest(tree: Node): Node {
  const loops: Node[] = []
  const walk = (node: Node): void => {
    if (node.kind === 'loop') loops.push(node)
    for (const one of children(node)) walk(one)
  }
  walk(tree)
  return loops.toSorted((a, b) => bound(b, FACTS).steps - bound(a, FACTS).steps)[0] ?? tree
}

function subjectFields(tree: Node): ReadonlySet<string> | null {
  const fields = new Set<string>()
  let whole = false
  const walk = (node: Node): void => {
    if (node.kind === 'field' && node.of.kind === 'fact' && node.of.name === 'subject') fields.add(node.field)
    else if (node.kind === 'fact' && node.name === 'subject') whole = true
    else if (node.kind === 'call' && node.name === 'near' && isSubject(node.args[0])) fields.add('standing')
    else for (const one of children(node)) walk(one)
  }
  walk(tree)
  return whole ? null : fields
}

function isSubject(node: Node | undefined): boolean {
  return node?.kind === 'fact' && node.name === 'subject'
}

function readsAge(node: Node): boolean {
  if (node.kind === 'call' && node.name === 'ageBand') return true
  if (node.kind === 'field' && node.field === 'age' && node.of.type.kind === 'object') return true
  if (node.kind === 'constant' && typeof node.value === 'string' && node.value.startsWith('outreach.')) return true
  return children(node).some(readsAge)
}

function notKept(tree: Node): NotKept[] {
  const found: NotKept[] = readsAge(tree) ? ['ages'] : []
  if (calls(tree, 'countIn')) found.push('counts')
  if (calls(tree, 'related')) found.push('connections')
  return found
}

function calls(node: Node, name: string): boolean {
  return (node.kind === 'call' && node.name === name) || children(node).some((one) => calls(one, name))
}
