import type { Guard } from '@firebreak/guard'
import { FirebreakError, seededRandom } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import {
  type GateLimits,
  httpRecommender,
  type ProbeDefinition,
  type ProbeGuard,
  parseProbeDefinition,
  probeGate,
  runProbes,
} from '@firebreak/measurement'
import type { NetworkMapper } from '@firebreak/networks'
import { NETWORK_MEMBER } from '@firebreak/policy'
import type { ProbeRunner } from './probe-desk.ts'
import { storable } from './probe-outcome.ts'

const CONTACTS = 200

export interface RunnerParts {
  readonly guard: Guard
  readonly ledger: Ledger
  readonly mapper: Pick<NetworkMapper, 'randomSeeds'>
}

/** Probes of an operator's own recommender: a full definition, or just its address with sensible contacts. */
export function ownRunner(parts: RunnerParts): ProbeRunner {
  return {
    recommenders: [],
    nameOf: (target) => target.definition?.name ?? target.recommender ?? missing(),
    check: (target) => void (target.definition ?? checkedAddress(target.recommender ?? missing())),
    run: async (target, onProgress) => {
      const definition = target.definition ?? (await definitionFor(parts, target.recommender!))
      const labelled = await labelledMembers(parts.ledger)
      const flagged = definition.flagged === 'labels' ? labelled : definition.flagged
      const result = await runProbes({
        recommender: httpRecommender(definition),
        fallback: definition.fallback && httpRecommender({ ...definition, recommender: definition.fallback }),
        guard: guardPort(parts.guard),
        network: new Set([...flagged, ...definition.contact.network]),
        contacts: definition.contact,
        random: seededRandom(`probe/${definition.name}`),
        replicates: definition.probes,
        refreshes: definition.refreshes,
        top: definition.top,
        onProgress,
      })
      return storable({ ...result, gate: probeGate(result, limitsOf(definition)) })
    },
  }
}

function limitsOf({ limit, benignLimit }: ProbeDefinition): GateLimits {
  return { networkShare: limit, ...(benignLimit === undefined ? {} : { benignWithheld: benignLimit }) }
}

/** The guard as the operator's platform would ask it. */
function guardPort(guard: Guard): ProbeGuard {
  return async ({ surface, viewer, history, candidates }) => {
    const type = surface === 'recommend_content' ? 'content' : 'account'
    const subjects = candidates.map(({ id, owner }) => ({ type, id, author: owner }))
    return guard
      .judge({ surface, viewer: { id: viewer, recent: history.slice(-200) }, subjects })
      .map(({ action }) => action !== 'drop' && action !== 'hold')
  }
}

/** Touches labelled members on one side and random unlabelled accounts on the other. */
async function definitionFor({ ledger, mapper }: RunnerParts, url: string): Promise<ProbeDefinition> {
  const network = (await labelledMembers(ledger)).slice(0, CONTACTS)
  if (network.length === 0)
    throw new FirebreakError('input/invalid', ['Nothing is labelled yet: map a network and apply its labels first'])
  const labelled = new Set(network)
  const benign = (await mapper.randomSeeds(CONTACTS, 1)).filter((account) => !labelled.has(account))
  return parseProbeDefinition({ name: url, recommender: { url }, contact: { network, benign } })
}

async function labelledMembers(ledger: Ledger): Promise<string[]> {
  const labels = await ledger.labels.active({ subjectType: 'account', value: NETWORK_MEMBER })
  return [...new Set(labels.map(({ subject }) => subject.id))]
}

function checkedAddress(address: string): string {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address.replace(/\{\w+\}/g, 'x')))
    throw new FirebreakError('input/invalid', [
      'The recommender must be an http or https address, {viewer} and {limit} in it are filled in',
    ])
  return address
}

function missing(): never {
  throw new FirebreakError('input/invalid', ['Name the address of your recommender, or send a probe definition'])
}
