import type { Ledger, Principal } from '@firebreak/ledger'
import type { Action, DecisionData } from '@firebreak/review'

/** A term or link that a decision asks to list. */
export interface ListedText {
  readonly kind: 'term' | 'hashtag' | 'url'
  readonly text: string
  readonly list: string
}

/** What became of a proposal. `why`: it cannot go on by itself and waits for a human; never holds the text. */
export interface Proposed {
  readonly entry: string | null
  readonly why: string | null
}

/** Where terms and links under policy are kept. A proposal goes the usual way there: a second person looks at it before it is in force. */
export interface TermLists {
  /** Proposes an entry in the decider's name; what is listed already is no fault. */
  propose(entry: ListedText, by: Principal): Promise<Proposed>
  /** Takes an entry out of force, or off the way there. */
  withdraw(entry: string, reason: string, by: Principal): Promise<void>
}

/** A decision's proposals, so that a repeated event makes none twice and a reversal finds them. Without their texts. */
interface Listing {
  readonly decision: string
  readonly entries: readonly string[]
  readonly waiting: readonly (readonly [place: number, why: string])[]
  readonly withdrawn: boolean
}

const LISTING = 'listing'
const FOLLOWER: Principal = { kind: 'system', id: 'enforcement' }
/** What a report can be about whose very name is what would be listed. */
const NAMED: Readonly<Record<string, ListedText['kind']>> = {
  hashtag: 'hashtag',
  term: 'term',
  url: 'url',
  link: 'url',
}

/** Carries out `block-term` and `block-url` through the lists of the instance. */
export class Listings {
  readonly #ledger: Pick<Ledger, 'documents'>
  readonly #lists: TermLists | null

  constructor(ledger: Pick<Ledger, 'documents'>, lists: TermLists | null) {
    this.#ledger = ledger
    this.#lists = lists
  }

  /** Safe to repeat. Answers the actions that wait for a human, by their place, and why. */
  async propose(data: DecisionData, by: Principal): Promise<ReadonlyMap<number, string>> {
    const asked = [...data.actions.entries()].filter(([, action]) => lists(action))
    if (asked.length === 0) return new Map()
    const before = await this.#ledger.documents.get<Listing>(LISTING, data.decision)
    if (before) return new Map(before.body.waiting)
    const entries: string[] = []
    const waiting: [number, string][] = []
    for (const [place, action] of asked) {
      const text = listedText(action, data.target)
      const { entry, why } =
        text === null || this.#lists === null
          ? { entry: null, why: text === null ? 'it does not say which' : 'no list is kept here' }
          : await this.#lists.propose(text, by)
      if (entry !== null) entries.push(entry)
      if (why !== null) waiting.push([place, why])
    }
    const listing: Listing = { decision: data.decision, entries, waiting, withdrawn: false }
    await this.#ledger.documents.put(LISTING, data.decision, listing, FOLLOWER, { ifVersion: 0 })
    return new Map(waiting)
  }

  /** Takes back what a reversed decision proposed. */
  async withdraw(decision: string): Promise<void> {
    const stored = await this.#ledger.documents.get<Listing>(LISTING, decision)
    if (!stored || stored.body.withdrawn) return
    for (const entry of stored.body.entries) await this.#lists?.withdraw(entry, 'the decision was reversed', FOLLOWER)
    await this.#ledger.documents.put(LISTING, decision, { ...stored.body, withdrawn: true }, FOLLOWER)
  }
}

type BlockAction = Extract<Action, { kind: 'block-term' | 'block-url' }>

function lists(action: Action): action is BlockAction {
  return action.kind === 'block-term' || action.kind === 'block-url'
}

function listedText(action: Action, target: DecisionData['target']): ListedText | null {
  if (!lists(action)) return null
  const text = action.text ?? (target.type in NAMED ? target.id : undefined)
  if (text === undefined) return null
  if (action.kind === 'block-url') return { kind: 'url', text, list: action.list }
  const hashtag = text.startsWith('#') || (action.text === undefined && target.type === 'hashtag')
  return { kind: hashtag ? 'hashtag' : 'term', text, list: action.list }
}
