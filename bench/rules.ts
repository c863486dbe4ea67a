/**
 * Rule engines on one made-up policy: 30 rules of four to five leaves over 21 facts, 2,000 inputs, whole policies judged a
 * second of processor time. Firebreak's rules are compiled from checked CEL; peers come from bench/peers/rules (see its
 * README). Every engine's number of hits has to agree before it is timed. Then: rules and inputs made to hurt.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { seededRandom } from '@firebreak/kernel'
import { compileRule, DEFAULT_POLICY, isProblem, RuleSet, ruleFacts } from '@firebreak/policy'
import { bound, check, compile, DOUBLE, isProblem as isCelProblem, pattern, STRING } from '@firebreak/policy/cel'

const RULES = 30
const INPUTS = 2_000
const NUMBERS = Array.from({ length: 12 }, (_, i) => `n${i}`)
const WORDS = Array.from({ length: 9 }, (_, i) => `w${i}`)
const VOCABULARY = ['lantern', 'seashell', 'paper', 'trade', 'garden', 'harbour', 'blue', 'quiet']

type Input = Readonly<Record<string, number | string>>
type Leaf = { readonly name: string; readonly op: '>' | '<' | '==' | '!='; readonly value: number | string }
/** (first && second) || (third && …): the shape people write. */
type Rule = { readonly either: readonly Leaf[]; readonly or: readonly Leaf[] }

const random = seededRandom('rules')
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!
const leaf = (): Leaf =>
  random() < 0.5
    ? { name: pick(NUMBERS), op: pick(['>', '<'] as const), value: Math.round(random() * 1000) / 1000 }
    : { name: pick(WORDS), op: pick(['==', '!='] as const), value: pick(VOCABULARY) }
const rules: Rule[] = Array.from({ length: RULES }, () => ({
  either: [leaf(), leaf()],
  or: random() < 0.5 ? [leaf(), leaf()] : [leaf(), leaf(), leaf()],
}))
const inputs: Input[] = Array.from({ length: INPUTS }, () => ({
  ...Object.fromEntries(NUMBERS.map((name) => [name, random()])),
  ...Object.fromEntries(WORDS.map((name) => [name, pick(VOCABULARY)])),
}))

const literal = (value: number | string): string =>
  typeof value === 'string' ? `'${value}'` : Number.isInteger(value) ? `${value}.0` : String(value)
const celOf = ({ either, or }: Rule): string => {
  const all = (leaves: readonly Leaf[]) =>
    leaves.map(({ name, op, value }) => `${name} ${op} ${literal(value)}`).join(' && ')
  return `(${all(either)}) || (${all(or)})`
}

type Policy = (input: Input) => number | Promise<number>

function firebreak(): Policy {
  const facts = Object.fromEntries([
    ...NUMBERS.map((name) => [name, { type: DOUBLE }] as const),
    ...WORDS.map((name) => [name, { type: STRING }] as const),
  ])
  const readers = Object.fromEntries([...NUMBERS, ...WORDS].map((name) => [name, (input: Input) => input[name]]))
  const frame = { facts: {} as Input, locals: [], left: 0 }
  const compiled = rules.map((rule) => {
    const tree = check(celOf(rule), { facts })
    if (isCelProblem(tree)) throw new Error(tree.message)
    bound(tree, facts)
    return compile<Input>(tree, readers)
  })
  return (input) => {
    frame.facts = input
    frame.left = 1_000_000
    let hits = 0
    for (const rule of compiled) if (rule(frame) === true) hits++
    return hits
  }
}

interface Peer {
  readonly name: string
  readonly make: () => Promise<Policy>
}

const PEERS_DIR = new URL('./peers/rules/', import.meta.url)
const peerUrl = (name: string) => pathToFileURL(createRequire(new URL('package.json', PEERS_DIR)).resolve(name)).href

const peers: Peer[] = [
  {
    name: '@marcbachmann/cel-js, typed',
    make: async () => {
      const { Environment } = (await import(peerUrl('@marcbachmann/cel-js'))) as {
        Environment: new () => {
          registerVariable(name: string, type: string): void
          parse(source: string): (input: Input) => unknown
        }
      }
      const environment = new Environment()
      for (const name of NUMBERS) environment.registerVariable(name, 'double')
      for (const name of WORDS) environment.registerVariable(name, 'string')
      const parsed = rules.map((rule) => environment.parse(celOf(rule)))
      return (input) => parsed.reduce((hits, rule) => hits + (rule(input) === true ? 1 : 0), 0)
    },
  },
  {
    name: '@bufbuild/cel, planned',
    make: async () => {
      const { celEnv, parse, plan } = (await import(peerUrl('@bufbuild/cel'))) as {
        celEnv: () => unknown
        parse: (source: string) => unknown
        plan: (env: unknown, parsed: unknown) => (input: Input) => unknown
      }
      const env = celEnv()
      const planned = rules.map((rule) => plan(env, parse(celOf(rule))))
      return (input) => planned.reduce((hits, rule) => hits + (rule(input) === true ? 1 : 0), 0)
    },
  },
  {
    name: 'json-rules-engine',
    make: async () => {
      const { Engine } = (await import(peerUrl('json-rules-engine'))) as {
        Engine: new (rules: unknown[]) => { run(input: Input): Promise<{ events: unknown[] }> }
      }
      const operators = { '>': 'greaterThan', '<': 'lessThan', '==': 'equal', '!=': 'notEqual' }
      const all = (leaves: readonly Leaf[]) => ({
        all: leaves.map(({ name, op, value }) => ({ fact: name, operator: operators[op], value })),
      })
      const engine = new Engine(
        rules.map(({ either, or }, i) => ({
          conditions: { any: [all(either), all(or)] },
          event: { type: `rule-${i}` },
        })),
      )
      return async (input) => (await engine.run(input)).events.length
    },
  },
]

async function rate(policy: Policy, some: readonly Input[]): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < 7; round++) {
    const started = process.cpuUsage()
    let times = 0
    do {
      for (const input of some) {
        const hits = policy(input)
        if (typeof hits !== 'number') await hits
      }
      times++
    } while (spent(started) < 0.15)
    rates.push((some.length * times) / spent(started))
  }
  return rates.toSorted((a, b) => a - b)[3]!
}

function spent(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

async function hitsOf(policy: Policy, some: readonly Input[]): Promise<number> {
  let hits = 0
  for (const input of some) hits += await policy(input)
  return hits
}

async function compare(): Promise<void> {
  const own = firebreak()
  const some = inputs.slice(0, 200)
  const wanted = await hitsOf(own, some)
  const base = await rate(own, inputs)
  console.log(`firebreak, checked CEL compiled to closures: ${Math.round(base).toLocaleString('en')} policies/s`)
  if (!existsSync(new URL('node_modules', PEERS_DIR)))
    return console.log('peers are not installed: npm install --prefix bench/peers/rules --workspaces=false')
  for (const { name, make } of peers) {
    const policy = await make()
    const hits = await hitsOf(policy, some)
    if (hits !== wanted) throw new Error(`${name}: ${hits} hits, not ${wanted}`)
    const peer = await rate(policy, name === 'json-rules-engine' ? some : inputs)
    console.log(
      `${name}: ${Math.round(peer).toLocaleString('en')} policies/s; firebreak ${(base / peer).toFixed(1)} times as many`,
    )
  }
}

/** What a hostile author or a hostile text can cost. */
function hurt(): void {
  const text = 'a'.repeat(10_000)
  const labels = Array.from({ length: 64 }, (_, i) => ({
    value: `a${i}`.repeat(100),
    probability: 0.5,
    caseId: text,
    source: text,
    expiresAt: 1e15,
  }))
  const base = {
    id: 'hostile',
    says: 'A rule made to hurt.',
    action: 'drop',
    reason: 'not-eligible',
    owner: 'bench',
    state: 'LIVE',
  } as const
  const facts = ruleFacts({ surface: 'recommend_accounts', at: 0, subject: { labels } }, DEFAULT_POLICY)
  for (const when of [
    "subject.labels.exists(a, a.source.matches('(a+)+$'))",
    "subject.labels.exists(a, a.source.matches('(x+x+)+y'))",
    "subject.labels.exists(a, a.source.matches('^(([a-z])+.)+[A-Z]([a-z])+$'))",
    "subject.labels.exists(a, a.source.matches('((a{1,30}){1,30}){1,30}'))",
    'subject.labels.all(a, subject.labels.all(b, a.source.contains(b.source)))',
    'subject.labels.all(a, subject.labels.all(b, subject.labels.all(c, a.value + b.value != c.value)))',
  ]) {
    const rule = compileRule({ ...base, when })
    if (isProblem(rule)) {
      console.log(`refused   ${when}\n          ${rule.line}:${rule.column} ${rule.message}`)
      continue
    }
    const set = new RuleSet([rule], DEFAULT_POLICY, 'bench')
    const times: number[] = []
    let what = ''
    for (let i = 0; i < 9; i++) {
      const started = performance.now()
      what = set.judgePlainly(facts).rule ?? 'does not apply'
      times.push(performance.now() - started)
    }
    const sorted = times.toSorted((a, b) => a - b)
    console.log(
      `${sorted[4]!.toFixed(2).padStart(6)} ms  ${when}\n          slowest of 9: ${sorted[8]!.toFixed(2)} ms; verdict: ${what}`,
    )
  }
  const regex = pattern('(a+)+$')
  if ('test' in regex) {
    const started = performance.now()
    regex.test(`${text}!`)
    console.log(`${(performance.now() - started).toFixed(2).padStart(6)} ms  (a+)+$ on 10 kB by itself`)
  }
}

await compare()
hurt()
