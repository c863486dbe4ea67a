import type { NetworkMap, RankedAccount } from '@firebreak/graph'
import { DAY } from '@firebreak/kernel'
import type { Label, LabelInput, Ledger, Principal } from '@firebreak/ledger'

/** Labels end after 30 days without new evidence. */
export const LABEL_DAYS = 30

/**
 * Outside the cut, an account this likely or likelier is kept out of the recommendations of viewers in contact. Measured on the
 * simulator: with 0.05 a guarded viewer still met 2.6 % network; lower than 0.01 costs benign candidates and gains nothing.
 */
export const ADJACENT_FROM = 0.01
/** Below this (where the policy begins to read contact) adjacent labels do not tell one probability from another. */
const TOLD_APART_FROM = 0.05

/**
 * What a map says about accounts, as labels: members of the cut, and the uncertain ring around it; nothing when the seeds are not a
 * network. A likely victim must not be led to the network's contacts either: it gets the ring's weakest label, word for word that of
 * every neighbour below 0.05. It hides among those neighbours, and only as well as there are some.
 */
export function networkLabels(map: NetworkMap, networkId: string, atMs: number): LabelInput[] {
  if (!map.isNetwork) return []
  const expiresAt = new Date(atMs + LABEL_DAYS * DAY).toISOString()
  const label = (id: string, value: string, probability: number, reason: string): LabelInput => ({
    subject: { type: 'account', id },
    value,
    source: 'networks',
    reason,
    caseId: networkId,
    probability,
    expiresAt,
  })
  const seeds = map.seeds
    .filter((seed) => seed.known && seed.fits)
    .map((seed) => label(seed.account, 'network-member', 1, 'a seed of this network'))
  const listed = map.accounts
    .filter((row) => row.member || row.role === 'likely-victim' || row.probability >= ADJACENT_FROM)
    .map((row) =>
      row.member
        ? label(row.account, 'network-member', row.probability, row.sentence)
        : label(row.account, 'network-adjacent', adjacentProbability(row), 'near this network'),
    )
  return [...seeds, ...listed]
}

function adjacentProbability({ role, probability }: RankedAccount): number {
  return role === 'likely-victim' || probability < TOLD_APART_FROM ? ADJACENT_FROM : probability
}

/** Writes a map's labels; the earlier ones of the same network are retracted first, so that none stands twice. */
export async function applyNetworkLabels(
  ledger: Ledger,
  networkId: string,
  map: NetworkMap,
  by: Principal,
  atMs: number,
): Promise<Label[]> {
  await retractNetworkLabels(ledger, networkId, by, 'replaced by a newer map')
  return ledger.labels.apply(networkLabels(map, networkId, atMs), by)
}

/** Takes a network's labels back; returns how many were in force. */
export async function retractNetworkLabels(
  ledger: Ledger,
  networkId: string,
  by: Principal,
  reason = 'undone',
): Promise<number> {
  const own = await ledger.labels.active({ caseId: networkId })
  return own.length === 0
    ? 0
    : ledger.labels.retract(
        own.map((label) => label.id),
        by,
        reason,
      )
}
