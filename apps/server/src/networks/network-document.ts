import type { DrawingEdge, PlacedNode } from '@firebreak/drawing'
import { layoutNetwork } from '@firebreak/drawing'
import type { NetworkMap, NetworkMark, RankedAccount } from '@firebreak/graph'
import { drawingOf, type Pseudonyms, pseudonymous } from '@firebreak/networks'

/** How well a map met the planted truth; known in the demo alone. */
export interface TruthScore {
  readonly precision: number
  readonly recall: number
  readonly positives: number
  readonly found: number
  readonly victimsInCut: number
}

/** A network as the ledger keeps it, with real ids. */
export interface NetworkRecord {
  readonly name: string
  readonly createdAt: string
  readonly status: 'running' | 'done' | 'failed'
  readonly error?: { readonly code: string; readonly detail: string }
  readonly seeds: readonly string[]
  readonly benign: readonly string[]
  readonly marks: readonly (readonly [account: string, mark: NetworkMark])[]
  /** Number of the draw, where the seeds were drawn at random. */
  readonly draw?: number
  /** Links were followed only from who acted. */
  readonly directed?: boolean
  readonly map?: NetworkMap
  readonly truth?: TruthScore
}

export interface NetworkDocument {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly status: NetworkRecord['status']
  readonly error?: NetworkRecord['error']
  readonly pseudonymous: boolean
  readonly draw?: number
  /** Links were followed only from who acted. */
  readonly directed?: boolean
  readonly map?: Omit<NetworkMap, 'edges'> & {
    readonly shown: number
    readonly total: number
    readonly protectedCount: number
  }
  readonly drawing?: {
    readonly nodes: readonly PlacedNode[]
    readonly edges: readonly DrawingEdge[]
    readonly hidden: { readonly nodes: number; readonly edges: number; readonly protected: number }
  }
  readonly truth?: TruthScore
  readonly labels: LabelState | null
  readonly marks: Readonly<Record<string, NetworkMark>>
}

export interface LabelState {
  readonly active: number
  readonly expiresAt: string
}

const SHOWN = 500
const DRAWN = 400

/**
 * What an answer may hold of a network. Likely and marked victims are counted, never listed, drawn or told apart;
 * with `name` every id becomes a stand-in. Members are listed even beyond the cap.
 */
export function documentOf(
  id: string,
  record: NetworkRecord,
  labels: LabelState | null,
  name: Pseudonyms | null,
): NetworkDocument {
  const { map, seeds: _seeds, benign: _benign, marks, error, truth, ...head } = record
  const victims = new Set(marks.filter(([, mark]) => mark === 'victim').map(([account]) => account))
  const marked = marks.filter(([, mark]) => mark !== 'victim')
  return {
    ...head,
    id,
    pseudonymous: name !== null,
    ...(error ? { error } : {}),
    ...(truth ? { truth } : {}),
    ...(map ? mapParts(map, victims, name) : {}),
    labels,
    marks: Object.fromEntries(marked.map(([account, mark]) => [name ? name(account) : account, mark])),
  }
}

function mapParts(
  map: NetworkMap,
  victims: ReadonlySet<string>,
  name: Pseudonyms | null,
): Pick<NetworkDocument, 'map' | 'drawing'> {
  const isVictim = ({ account, role }: RankedAccount) => role === 'likely-victim' || victims.has(account)
  const hidden = new Set(map.accounts.filter(isVictim).map(({ account }) => account))
  const listed = map.accounts.filter(({ account }) => !hidden.has(account))
  const shown = listed.filter(({ member }, i) => member || i < SHOWN)
  const visible: NetworkMap = {
    ...map,
    accounts: shown.map((row) => withoutHidden(row, hidden)),
    edges: map.edges.filter(({ source, target }) => !hidden.has(source) && !hidden.has(target)),
    cut: { ...map.cut, borderline: map.cut.borderline.filter((account) => !hidden.has(account)) },
  }
  const { edges: _edges, ...told } = name ? pseudonymous(visible, name) : visible
  const drawing = layoutNetwork(drawingOf(name ? pseudonymous(visible, name) : visible, DRAWN))
  return { map: { ...told, shown: shown.length, total: listed.length, protectedCount: hidden.size }, drawing }
}

/** Evidence that leads over a victim stays evidence, but does not name the way. */
function withoutHidden(row: RankedAccount, hidden: ReadonlySet<string>): RankedAccount {
  if (!row.evidence.some(({ via }) => via !== null && hidden.has(via))) return row
  const evidence = row.evidence.filter(({ via }) => via === null || !hidden.has(via))
  return {
    ...row,
    evidence,
    sentence: evidence.length === 0 ? 'Connected over accounts that are protected.' : row.sentence,
  }
}
