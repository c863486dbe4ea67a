import audienceModel from './audience.model.json' with { type: 'json' }
import { AUDIENCE_COLUMNS, AUDIENCE_SHAPE } from './audience-facts.ts'
import { CANDIDATE_FACTS } from './candidate-facts.ts'
import communityModel from './community.model.json' with { type: 'json' }
import coordinatedModel from './coordinated.model.json' with { type: 'json' }
import firstModel from './first.model.json' with { type: 'json' }
import networkModel from './network.model.json' with { type: 'json' }
import ringModel from './ring.model.json' with { type: 'json' }
import seedModel from './seed.model.json' with { type: 'json' }
import { NETWORK_FACTS, SEED_FACTS } from './seed-facts.ts'
import { SOFT_FACTS } from './soft-facts.ts'
import { type TreeModel, Trees } from './trees.ts'
import watchedModel from './watched.model.json' with { type: 'json' }

/** The learned judgements of a query; `bench/train` says how they were made. */
export interface Models {
  /** P(member) from nearness and ties into the nearest accounts. */
  readonly first: Trees
  /** P(member) from that, ties into the accounts that the first model believes in and the group that percolates from them: of a community of people, and of a coordinated ring. */
  readonly community: Trees
  readonly coordinated: Trees
  /** P(this seed belongs with the others). */
  readonly seed: Trees
  /** P(these seeds have a network). */
  readonly network: Trees
  /** P(the network is a coordinated ring rather than a community). */
  readonly ring: Trees
  /** P(member) from that and how everybody stands to the audience of those found. */
  readonly audience: Trees
  /** P(the network lives on an audience of its own), read off those found. */
  readonly watched: Trees
}

export const MODELS: Models = {
  first: new Trees(firstModel as unknown as TreeModel, CANDIDATE_FACTS),
  community: new Trees(communityModel as unknown as TreeModel, SOFT_FACTS),
  coordinated: new Trees(coordinatedModel as unknown as TreeModel, SOFT_FACTS),
  seed: new Trees(seedModel as unknown as TreeModel, SEED_FACTS),
  network: new Trees(networkModel as unknown as TreeModel, NETWORK_FACTS),
  ring: new Trees(ringModel as unknown as TreeModel, NETWORK_FACTS),
  audience: new Trees(audienceModel as unknown as TreeModel, AUDIENCE_COLUMNS),
  watched: new Trees(watchedModel as unknown as TreeModel, AUDIENCE_SHAPE),
}
