import { canonicalEvent } from '@firebreak/intake'
import type { EventInput, Principal } from '@firebreak/ledger'
import type { Instance } from './instance.ts'

/** What became of one event of a batch. */
export interface EventAnswer {
  readonly id: string | null
  readonly status: 'accepted' | 'duplicate' | 'rejected'
  readonly seq?: number
  readonly code?: string
  readonly detail?: string
}

/**
 * Events from outside, checked, keyed, durable: one answer each, in order, after the commit. Raw identifiers end here:
 * what reaches the ledger, an answer or a log holds keyed hashes only.
 */
export async function takeEvents(
  instance: Pick<Instance, 'ledger' | 'edge' | 'guard' | 'enforcement' | 'reports'>,
  items: readonly unknown[],
  by: Principal,
): Promise<EventAnswer[]> {
  const answers: EventAnswer[] = []
  const good: EventInput[] = []
  const places: number[] = []
  for (const [i, item] of items.entries()) {
    const canonical = canonicalEvent(item, instance.edge)
    if (canonical.ok) {
      places.push(i)
      good.push(canonical.event as EventInput)
    } else answers[i] = { id: canonical.id, status: 'rejected', code: canonical.code, detail: canonical.detail }
  }
  const results = good.length > 0 ? await instance.ledger.append(good, by) : []
  for (const [g, result] of results.entries())
    answers[places[g]!] = result.status === 'rejected' ? { ...result, code: `event/${result.code}` } : result
  // A repetition too: the process may have died between the erasure and this.
  for (const [g, { type, subject }] of good.entries())
    if (type === 'subject.erased' && results[g]!.status !== 'rejected')
      await instance.reports.forgetReporter(subject.id)
  instance.guard.observe(good.filter((_event, g) => results[g]!.status !== 'rejected'))
  await acknowledge(instance, good)
  return answers
}

/** The platform confirms steps that it had only accepted: `object` is the step. */
async function acknowledge(
  { enforcement }: Pick<Instance, 'enforcement'>,
  events: readonly EventInput[],
): Promise<void> {
  for (const { type, object } of events)
    if (type === 'enforcement.acknowledged' && object?.type === 'step')
      await enforcement.carrier?.acknowledge(object.id)
}
