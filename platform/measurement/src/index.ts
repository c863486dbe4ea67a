export type { ContactCheck } from './contact-check.ts'
export { type CurvePoint, curveOf, type Share } from './curve.ts'
export {
  type HttpRecommenderDefinition,
  type ProbeDefinition,
  parseProbeDefinition,
  readProbeDefinition,
} from './definition.ts'
export { type GateLimits, type GateVerdict, nothingMeasured, probeGate } from './gate.ts'
export { httpRecommender } from './http-recommender.ts'
export type {
  Candidate,
  GuardRequest,
  ProbeGuard,
  ProbeRecommender,
  ProbeSurface,
  RecommendRequest,
} from './ports.ts'
export type { Refresh } from './probe.ts'
export {
  type ArmName,
  type OrdinaryViewer,
  type ProbeArm,
  type ProbePlan,
  type ProbeResult,
  runProbes,
} from './run-probes.ts'
export { type BenignWithheld, benignWithheld, type SliceOf, type WithheldSlice } from './withheld.ts'
