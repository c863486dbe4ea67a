import type { NetworkMap } from '@firebreak/graph'
import { DAY } from '@firebreak/kernel'
import type { Label, LabelInput, Ledger, Principal } from '@firebreak/ledger'

/** Labels end after 30 days without new evidence. */
export const LABEL_DAYS = 30

/** Outside the cut, an account this likely or likelier is kept out of the recommendations of viewers in contact. */
export const ADJACENT_FROM = 0.01

/**
 * What a map says about accounts, as labels: members of the cut, and the uncertain ring around it.
 * Nothing is said of likely victims, nor of anyone when the seeds are not a network.
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
    .filter((row) => row.role !== 'likely-victim' && (row.member || row.probability >= ADJACENT_FROM))
    .map((row) => label(row.account, row.member ? 'network-member' : 'network-adjacent', row.probability, row.sentence))
  return [...seeds, ...listed]
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
