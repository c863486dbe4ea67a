import { categorySchema, type Db, rowsOf } from '@firebreak/intake'
import { DAY } from '@firebreak/kernel'
import { z } from 'zod'
import { type BudgetState, type Budgets, budgetState, exposureOf } from './budget.ts'

/** A person's own way of working. Filters are a preference; no effect is claimed (docs/reports.md). */
export const preferenceSchema = z.strictObject({
  /** Categories never offered; no reason, no consequence. */
  optOut: z.array(categorySchema).max(20).default([]),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .max(20)
    .optional(),
  blur: z.number().int().min(0).max(6).default(4),
  greyscale: z.boolean().default(true),
  muted: z.boolean().default(true),
  thumbnail: z.number().int().min(64).max(640).default(160),
})
/** Checked preferences. */
export type Preferences = z.infer<typeof preferenceSchema>

/** A person’s own day. */
export interface OwnWellness {
  readonly preferences: Preferences
  readonly points: number
  readonly views: number
  readonly state: BudgetState
  readonly budgets: Budgets
  readonly breakUntil: string | null
}

/** What a person sees of themselves; nobody else does. */
export async function ownWellness(db: Db, reviewer: string, budgets: Budgets, now: number): Promise<OwnWellness> {
  const [[row], shown] = await Promise.all([
    rowsOf<{ body: string; break_until: Date | null }>(
      db,
      'select body, break_until from reviewer_preference where reviewer = $1',
      [reviewer],
    ),
    rowsOf<{ severity: number; seconds: number | null }>(
      db,
      'select severity, seconds from reveal where reviewer = $1 and at >= $2::timestamptz',
      [reviewer, new Date(now - (now % DAY)).toISOString()],
    ),
  ])
  const points = shown.reduce((sum, { severity, seconds }) => sum + exposureOf(seconds, severity), 0)
  return {
    preferences: preferenceSchema.parse(row === undefined ? {} : JSON.parse(row.body)),
    points,
    views: shown.length,
    state: budgetState(points, budgets),
    budgets,
    breakUntil: row?.break_until != null && row.break_until.getTime() > now ? row.break_until.toISOString() : null,
  }
}

/** Keeps a person’s preferences. */
export async function storePreferences(db: Db, reviewer: string, preferences: Preferences, now: number): Promise<void> {
  await rowsOf(
    db,
    `insert into reviewer_preference (reviewer, body, at) values ($1, $2, $3::timestamptz)
     on conflict (reviewer) do update set body = excluded.body, at = excluded.at`,
    [reviewer, JSON.stringify(preferences), new Date(now).toISOString()],
  )
}

/** Steps away: nothing is offered until then. Asking for it needs no reason. */
export async function takeBreak(db: Db, reviewer: string, until: number, now: number): Promise<void> {
  await rowsOf(
    db,
    `insert into reviewer_preference (reviewer, body, break_until, at) values ($1, '{}', $2::timestamptz, $3::timestamptz)
     on conflict (reviewer) do update set break_until = excluded.break_until`,
    [reviewer, new Date(until).toISOString(), new Date(now).toISOString()],
  )
}

/** People below whom no figure of a team is given: it would be somebody's own. */
const SMALLEST_TEAM = 5

/** A day of the whole team. */
export interface TeamWellness {
  readonly day: string
  /** Null when fewer than five people were shown something. */
  readonly people: number | null
  readonly medianPoints: number | null
  readonly overHard: number | null
}

/** Exposure of the whole team by day, without anybody's own figures. */
export async function teamWellness(db: Db, since: number, { hard }: Budgets): Promise<TeamWellness[]> {
  const rows = await rowsOf<{ day: string; reviewer: string; severity: number; seconds: number | null }>(
    db,
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, reviewer, severity, seconds from reveal where at >= $1::timestamptz`,
    [new Date(since).toISOString()],
  )
  const days = Map.groupBy(rows, ({ day }) => day)
  return Array.from(days, ([day, of]) => {
    const points = Array.from(Map.groupBy(of, ({ reviewer }) => reviewer).values(), (own) =>
      own.reduce((sum, { seconds, severity }) => sum + exposureOf(seconds, severity), 0),
    ).sort((a, b) => a - b)
    if (points.length < SMALLEST_TEAM) return { day, people: null, medianPoints: null, overHard: null }
    return {
      day,
      people: points.length,
      medianPoints: points[points.length >> 1]!,
      overHard: points.filter((value) => value >= hard).length,
    }
  }).sort((a, b) => a.day.localeCompare(b.day))
}
