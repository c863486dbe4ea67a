import firstModel from './first.model.json' with { type: 'json' }
import networkModel from './network.model.json' with { type: 'json' }
import ringModel from './ring.model.json' with { type: 'json' }
import secondModel from './second.model.json' with { type: 'json' }
import seedModel from './seed.model.json' with { type: 'json' }
import { type TreeModel, Trees } from './trees.ts'

/** The learned judgements of a query; `bench/train` says how they were made. */
export interface Models {
  /** P(member) from nearness and ties into the nearest accounts. */
  readonly first: Trees
  /** P(member) from that and ties into the accounts that the first model believes in. */
  readonly second: Trees
  /** P(this seed belongs with the others). */
  readonly seed: Trees
  /** P(these seeds have a network). */
  readonly network: Trees
  /** P(the network is a coordinated ring rather than a community). */
  readonly ring: Trees
}

export const MODELS: Models = {
  first: new Trees(firstModel as unknown as TreeModel),
  second: new Trees(secondModel as unknown as TreeModel),
  seed: new Trees(seedModel as unknown as TreeModel),
  network: new Trees(networkModel as unknown as TreeModel),
  ring: new Trees(ringModel as unknown as TreeModel),
}
