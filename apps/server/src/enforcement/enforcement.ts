import { randomBytes } from 'node:crypto'
import {
  AppealDesk,
  atprotoHand,
  Carrier,
  DecisionFollower,
  EnforcementDesk,
  type Hand,
  mastodonHand,
  type NetworkRow,
  ReturnWatch,
  rehearsalHand,
  type TermLists,
  webhookHand,
} from '@firebreak/enforcement'
import { GuardedClient } from '@firebreak/intake'
import type { Clock } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Settings } from '../instance/settings.ts'
import type { NetworkDesk } from '../networks/network-desk.ts'

/** Plans, appeals and returners of one instance, and the hand that acts on the platform (null while none is set). */
export interface Enforcement {
  readonly desk: EnforcementDesk
  readonly appeals: AppealDesk
  readonly carrier: Carrier | null
  readonly watch: ReturnWatch
  readonly hand: string | null
  close(): Promise<void>
}

export interface EnforcementOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly appealKey: Uint8Array
  readonly appealAddress: string | null
  readonly networks: NetworkDesk
  readonly protectedAccounts: () => readonly string[]
  readonly hand: Hand | null
  /** Where decisions list terms and links. */
  readonly lists: TermLists
  /** Told of each account that came back after a removal. */
  readonly returned: (account: string, planId: string) => Promise<void>
  /** Told when an appeal found a moderator's decision to be wrong. */
  readonly decisionOverturned: (decision: string, by: Principal, reason: string) => Promise<void>
  /** False: this process answers and leaves carrying out to others. */
  readonly working: boolean
  readonly onFault: (error: unknown) => void
}

/** Opens the desks and lets carrier and watch run. Without a hand plans can be drafted, but a rehearsal says that nothing would act. */
export function openEnforcement(options: EnforcementOptions): Enforcement {
  const { ledger, clock, hand, networks, onFault } = options
  const shared = { ...options, newId: () => randomBytes(9).toString('base64url') }
  const desk = new EnforcementDesk({
    ...shared,
    random: cryptoRandom,
    networkRows: (id) => rowsOf(networks, id),
    rehearsalHand: rehearsalHand(async () => (hand === null ? 'no platform address is set' : null)),
  })
  const carrier = hand === null ? null : new Carrier({ ...shared, hand, working: options.working })
  const watch = new ReturnWatch({ ledger, clock, onReturn: options.returned, onFault })
  if (options.working) watch.start()
  const decisions = new DecisionFollower({ ledger, clock, random: cryptoRandom, desk, lists: options.lists, onFault })
  if (options.working) decisions.start()
  return {
    desk,
    appeals: new AppealDesk({
      ...shared,
      desk,
      overturned: (plan, by, reason) => overturned(options, plan, by, reason),
    }),
    carrier,
    watch,
    hand: hand?.name ?? null,
    close: async () => {
      await carrier?.close()
      await watch.close()
      await decisions.close()
    },
  }
}

async function overturned(options: EnforcementOptions, plan: string, by: Principal, reason: string): Promise<void> {
  const decision = /^decision-(.+)$/.exec(plan)?.[1]
  if (decision !== undefined) await options.decisionOverturned(decision, by, reason)
}

/** Acts on the address that is set: by signed webhook, or through the platform's own API; null when none is. */
export function handFrom({ actions, privateHosts }: Settings, clock: Clock): Hand | null {
  if (actions === null) return null
  const client = new GuardedClient({ allow: privateHosts })
  const post = poster(client)
  const { url, secret } = actions
  switch (actions.kind) {
    case 'mastodon':
      return mastodonHand({ server: url, token: secret, post })
    case 'atproto':
      return atprotoHand({ service: url, token: secret, createdBy: actions.by, post })
    case 'webhook':
      return webhookHand({ url, secret, source: '/firebreak', clock, post })
  }
}

const ANSWER_LIMIT = 65_536
const ANSWER_WITHIN = 10_000

function poster(client: GuardedClient) {
  return async (url: string, headers: Readonly<Record<string, string>>, body: string) => {
    const answer = await client.request(url, {
      method: 'POST',
      headers,
      body,
      timeoutMs: ANSWER_WITHIN,
      maxBytes: ANSWER_LIMIT,
      maxRedirects: 0,
    })
    if (!answer.ok) throw new Error(`${answer.code}: ${answer.detail}`)
    return { status: answer.status, body: Buffer.from(answer.bytes).toString('utf8') }
  }
}

/** Seeds are rows like the others: they are members because the case says so. Marks outweigh the map. */
async function rowsOf(networks: NetworkDesk, id: string): Promise<{ rows: NetworkRow[]; threshold: number }> {
  const { map, marks } = await networks.judged(id)
  const victims = new Set(marks.filter(([, mark]) => mark === 'victim').map(([account]) => account))
  const seeds = map.seeds
    .filter(({ known, fits }) => known && fits)
    .map(
      ({ account }): NetworkRow => ({
        account,
        role: 'member',
        probability: 1,
        member: map.isNetwork,
        markedVictim: victims.has(account),
        sentence: 'A seed of this case.',
        linkKinds: [],
      }),
    )
  const rows = map.accounts.map(
    (row): NetworkRow => ({
      account: row.account,
      role: row.role,
      probability: row.probability,
      member: row.member,
      markedVictim: victims.has(row.account),
      sentence: row.sentence,
      linkKinds: [...new Set(row.evidence.flatMap(({ relations }) => relations.map(bareRelation)))],
    }),
  )
  return { rows: [...seeds, ...rows], threshold: map.cut.threshold }
}

function bareRelation(relation: string): string {
  return relation.replace(/^[<=+]/, '')
}

function cryptoRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48
}
