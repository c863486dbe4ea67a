export { COMEBACKS, type ComebackPlan, type Comebacks, comebacks } from './comebacks.ts'
export { RELATIONS, type RelationName } from './edge-list.ts'
export type { EventRef, WorldEvent } from './events.ts'
export { generateWorld, type WorldQuery } from './generate.ts'
export { graphOf } from './graph-of.ts'
export { LANGUAGES } from './population/people.ts'
export { type Catalogue, catalogueFrom } from './recommenders/catalogue.ts'
export { coFollowRanker, itemBasedRanker, popularityRanker, type Ranker } from './recommenders/rank.ts'
export { type Recommender, type Recommenders, recommenders } from './recommenders/recommenders.ts'
export {
  type NetworkPlan,
  type OutreachPlan,
  PLANS,
  SCENARIOS,
  type Scenario,
  type ScenarioName,
} from './scenario.ts'
export { TRUTH_ROLES, type Truth, type TruthRole } from './truth.ts'
export { World, type WorldEdge } from './world.ts'
export { type WriteProgress, writeWorld } from './write.ts'
