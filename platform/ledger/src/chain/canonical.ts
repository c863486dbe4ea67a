/**
 * The fields that each table's digest covers, in fixed order. Names, not numbers: a digest must not depend on how the store numbers
 * things. Times are milliseconds since 1970. A new field goes at the end of a new version, marked by the first element.
 */
export interface EventFields {
  readonly id: string
  readonly type: string
  readonly v: number
  readonly at: number
  readonly receivedAt: number
  readonly actor: readonly [kind: string, name: string]
  readonly subject: readonly [kind: string, name: string]
  readonly object: readonly [kind: string, name: string] | null
  readonly surface: string | null
  readonly by: string
  readonly payload: string | null
}

export function eventFields(e: EventFields): unknown[] {
  return [
    'event/1',
    e.id,
    e.type,
    e.v,
    e.at,
    e.receivedAt,
    ...e.actor,
    ...e.subject,
    e.object,
    e.surface,
    e.by,
    e.payload,
  ]
}

export interface LabelFields {
  readonly id: string
  readonly subjectType: string
  readonly subjectId: string
  readonly value: string
  readonly source: string
  readonly reason: string
  readonly evidence: string | null
  readonly caseId: string | null
  readonly probability: number | null
  readonly neg: boolean
  readonly retracts: string | null
  readonly at: number
  readonly expiresAt: number | null
  readonly by: string
}

export function labelFields(l: LabelFields): unknown[] {
  return [
    'label/1',
    l.id,
    l.subjectType,
    l.subjectId,
    l.value,
    l.source,
    l.reason,
    l.evidence,
    l.caseId,
    l.probability,
    l.neg,
    l.retracts,
    l.at,
    l.expiresAt,
    l.by,
  ]
}

export function documentFields(d: {
  kind: string
  id: string
  version: number
  at: number
  by: string
  body: string
}): unknown[] {
  return ['document/1', d.kind, d.id, d.version, d.at, d.by, d.body]
}

export function auditFields(a: { kind: string; at: number; by: string; data: string }): unknown[] {
  return ['audit/1', a.kind, a.at, a.by, a.data]
}

export function removalFields(r: { reason: string; at: number; count: number; positions: string }): unknown[] {
  return ['removal/1', r.reason, r.at, r.count, r.positions]
}
