import type { Stage } from './types.ts'

/** The stages with one of them renewed, in the order they were first heard of. */
export function withStage(stages: readonly Stage[], news: Stage): Stage[] {
  const known = stages.some((stage) => stage.stage === news.stage)
  return known ? stages.map((stage) => (stage.stage === news.stage ? news : stage)) : [...stages, news]
}
