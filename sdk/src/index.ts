export type { Subject, Surface, Verdict, VerdictRequest, VerdictResponse } from './api-types.ts'
export {
  type ClientOptions,
  defaultFailMode,
  type EventAnswer,
  type FailMode,
  Firebreak,
  RequestRefused,
  type Verdicts,
} from './client.ts'
export { type GuardedRoute, guardAnswers } from './fastify.ts'
export { type SamplerOptions, type View, ViewSampler } from './view-sampler.ts'
export { acknowledged, type EnforcementEvent, readWebhook, receiver, WebhookRefused } from './webhook.ts'
