import { type Random, randomInt } from '@firebreak/kernel'
import { pick, pickDistinct, poisson } from '../distributions.ts'
import { type EdgeList, FOLLOW, relationCode } from '../edge-list.ts'
import { meetingTime, type People } from '../population/people.ts'
import type { OutreachPlan } from '../scenario.ts'

const CONTACT = relationCode('contact')
const BLOCK = relationCode('block')
const MENTION = relationCode('mention')
const GROUP = relationCode('group')

/** Adults who approach many minors they have nothing to do with, some of whom know each other; and adults who do so rightly. */
export interface OutreachCast {
  readonly loners: readonly number[]
  readonly ring: readonly number[]
  readonly mentors: readonly number[]
  readonly approached: ReadonlySet<number>
}

export function isMinor(minors: Uint8Array | null, account: number): boolean {
  return minors !== null && minors[account] === 1
}

export function castOutreach(
  people: People,
  plan: OutreachPlan,
  minors: Uint8Array,
  taken: Set<number>,
  random: Random,
): Omit<OutreachCast, 'approached'> {
  const adults = (count: number) =>
    Array.from({ length: count }, () => {
      for (;;) {
        const account = randomInt(random, people.count)
        if (taken.has(account) || minors[account] === 1) continue
        taken.add(account)
        return account
      }
    })
  return { loners: adults(plan.loners), ring: adults(plan.ring), mentors: adults(plan.mentors) }
}

/** Returns the minors who were approached. */
export function reachOut(
  people: People,
  cast: Omit<OutreachCast, 'approached'>,
  plan: OutreachPlan,
  minors: Uint8Array,
  edges: EdgeList,
  groupOf: (mentor: number) => number,
  random: Random,
): Set<number> {
  const young = Int32Array.from(minors.keys()).filter((account) => minors[account] === 1)
  const act = (from: number, to: number, relation: number) => {
    if (from !== to) edges.add(from, to, relation, meetingTime(people, from, to, random))
  }
  const approached = new Set<number>()
  const [least, most] = plan.contactsEach
  const shared = pickDistinct(random, young, 40)
  for (const adult of [...cast.loners, ...cast.ring]) {
    const alone = !cast.ring.includes(adult)
    for (let i = least + randomInt(random, most - least); i > 0; i--) {
      const minor = alone || random() < 0.6 ? pick(random, young) : pick(random, shared)
      approached.add(minor)
      approach(adult, minor, act, random)
    }
  }
  for (const adult of cast.ring)
    for (const other of pickDistinct(random, cast.ring, 2 + poisson(random, 1.5))) act(adult, other, FOLLOW)
  for (const mentor of cast.mentors) guide(people, mentor, minors, groupOf(mentor), act, random)
  return approached
}

function approach(adult: number, minor: number, act: Act, random: Random): void {
  act(adult, minor, CONTACT)
  if (random() < 0.55) act(adult, minor, FOLLOW)
  if (random() < 0.2) act(adult, minor, MENTION)
  if (random() < 0.05) act(minor, adult, FOLLOW)
  if (random() < 0.16) act(minor, adult, BLOCK)
}

type Act = (from: number, to: number, relation: number) => void

/** A coach: the minors of the own community, known through a group, most of whom follow of their own accord. */
function guide(people: People, mentor: number, minors: Uint8Array, group: number, act: Act, random: Random): void {
  const community = people.community[mentor]!
  const around = people.order
    .subarray(people.start[community]!, people.start[community + 1]!)
    .filter((account) => minors[account] === 1)
  act(mentor, group, GROUP)
  for (const minor of pickDistinct(random, around, 25)) {
    act(minor, group, GROUP)
    if (random() < 0.7) act(minor, mentor, FOLLOW)
    if (random() < 0.6) act(mentor, minor, FOLLOW)
    if (random() < 0.6) act(mentor, minor, CONTACT)
    if (random() < 0.3) act(minor, mentor, CONTACT)
  }
}
