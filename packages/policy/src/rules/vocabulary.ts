import {
  BOOL,
  type CelFunction,
  type CelType,
  DOUBLE,
  type FactType,
  failed,
  INT,
  listOf,
  objectOf,
  type Readers,
  STRING,
  unknown,
} from '../cel/index.ts'
import type { LabelFact } from '../facts.ts'
import { REACH } from '../surfaces.ts'
import type { Party, RuleFacts, TextParty } from './parties.ts'

/** Labels on one subject, hits in one text that a rule may be shown. */
export const MOST_LISTED = 64

const LABEL = objectOf('Label', { value: STRING, probability: DOUBLE, caseId: STRING, source: STRING })
const TERM = objectOf('Term', { entry: STRING, list: STRING, tier: STRING, action: STRING })
const LINK = objectOf('Link', { list: STRING, kind: STRING, action: STRING })
const PARTY = objectOf('Party', {
  type: STRING,
  labels: listOf(LABEL),
  standing: STRING,
  actedOnMembers: BOOL,
  contacted: BOOL,
  age: STRING,
})
const TEXT = objectOf('Text', { action: STRING, terms: listOf(TERM), links: listOf(LINK) })
const HERE = objectOf('Here', {})

/**
 * What a fact depends on: `fixed` by surface and settings, known per `request`, or per `subject`. A rule's parts are
 * judged as early as their facts allow.
 */
export type FactScope = 'fixed' | 'request' | 'subject'

interface Fact extends FactType {
  readonly scope: FactScope
  readonly says: string
  readonly read: (facts: RuleFacts) => unknown
}

const fact = (scope: FactScope, type: CelType, says: string, read: Fact['read'], most?: number): Fact => ({
  scope,
  type,
  says,
  read,
  ...(most === undefined ? {} : { most }),
})

/** Every fact a rule may read, by name. */
export const FACTS: Readonly<Record<string, Fact>> = {
  surface: fact('fixed', STRING, 'the surface that asks', ({ surface }) => surface, 32),
  reach: fact('fixed', STRING, 'amplifies, ranks or opens', ({ surface }) => REACH[surface], 16),
  'policy.strict': fact('fixed', BOOL, 'the strict-mode switch', ({ policy }) => policy.strict),
  'policy.outreachMinors': fact('fixed', INT, 'unconnected minors in a week that make a pattern', ({ policy }) =>
    BigInt(policy.outreachMinors),
  ),
  'context.jurisdiction': fact('request', STRING, 'as the platform says', ({ context }) => context.jurisdiction, 16),
  'context.locale': fact('request', STRING, 'as the platform says', ({ context }) => context.locale, 35),
  viewer: fact('request', PARTY, 'for whom the surface is drawn; nobody in particular when not told', (f) => f.viewer),
  exposure: fact('request', STRING, 'none, contact or flooded', ({ exposure }) => exposure, 16),
  'list.members': fact('request', INT, 'likely members among the first 20', ({ list }) => BigInt(list.members)),
  'list.adjacent': fact('request', INT, 'near ones among the first 20', ({ list }) => BigInt(list.adjacent)),
  'list.size': fact('request', INT, 'how many of the first 20 there are', ({ list }) => BigInt(list.size)),
  here: fact('request', HERE, 'the surface, to count by', ({ here }) => here),
  subject: fact('subject', PARTY, 'what is judged; its standing covers its author', ({ subject }) => subject),
  author: fact('subject', PARTY, 'who made it', ({ author }) => author),
  text: fact('subject', TEXT, 'what the lists say of its text', ({ text }) => text),
}

/** How the facts are read. */
export const READERS: Readers<RuleFacts> = Object.fromEntries(
  Object.entries(FACTS).map(([name, { read }]) => [name, read]),
)

const HOUR = 3_600_000
/** Windows that counters are kept for. */
export const WINDOWS: Readonly<Record<string, number>> = {
  '1h': HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
}

const countOf = (value: number | undefined, counter: string): unknown =>
  value === undefined ? unknown(`countIn ${counter}`) : BigInt(value)

function countIn(party: Party, ...rest: (string | Party)[]): unknown {
  const [window, counter] = [rest.pop() as string, rest.pop() as string]
  const length = Object.hasOwn(WINDOWS, window) ? WINDOWS[window] : undefined
  if (length === undefined) return failed(`countIn knows the windows ${Object.keys(WINDOWS).join(', ')}`)
  return countOf(party.countIn?.(counter, length, rest[0] as Party | undefined), counter)
}

const labelled = (party: Party, holds: (label: LabelFact) => boolean): boolean => party.labels.some(holds)
const listed: CelFunction['steps'] = () => 2 * MOST_LISTED
const over = (result: CelType, ...params: CelType[]) => ({ params, result })

/** The words of this field, as functions of the rule language. */
export const FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  hasLabel: {
    overloads: [over(BOOL, PARTY, STRING), over(BOOL, PARTY, STRING, DOUBLE)],
    run: (party: Party, value: string, from = 0) =>
      labelled(party, (label) => label.value === value && (label.probability ?? 1) >= from),
    steps: listed,
  },
  near: {
    overloads: [over(BOOL, PARTY)],
    run: (party: Party) => party.standing !== 'none',
  },
  inBank: {
    overloads: [over(BOOL, PARTY, STRING)],
    run: (party: Party, bank: string) => labelled(party, (label) => label.source === `bank:${bank}`),
    steps: listed,
  },
  ageBand: { overloads: [over(STRING, PARTY)], run: (party: Party) => party.age },
  matchesTerm: {
    overloads: [over(BOOL, TEXT, STRING), over(BOOL, TEXT, STRING, STRING)],
    run: (text: TextParty, list: string, tier?: string) =>
      text.terms.some((hit) => hit.list === list && (tier === undefined ? hit.tier !== 'fuzzy' : hit.tier === tier)),
    steps: listed,
  },
  related: {
    overloads: [over(BOOL, PARTY, PARTY)],
    run: (a: Party, b: Party) => a.relatedTo?.(b) ?? unknown('related'),
    steps: () => 4,
  },
  countIn: {
    overloads: [
      over(INT, PARTY, STRING, STRING),
      over(INT, PARTY, PARTY, STRING, STRING),
      over(INT, HERE, STRING, STRING),
    ],
    run: countIn,
    steps: () => 40,
  },
}
