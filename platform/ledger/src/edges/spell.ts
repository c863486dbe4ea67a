/** A stretch of time in which an edge stood. Times are milliseconds since 1970. */
export interface Spell {
  readonly spell: number
  readonly weight: number
  readonly firstAt: number
  readonly lastAt: number
  readonly withdrawnAt: number | null
}

export interface SpellChange {
  readonly act: boolean
  readonly counted: boolean
  readonly weight: number
  readonly at: number
}

/**
 * The spell after a change: the same one grown or closed, or the next. Events may arrive late: an act before the withdrawal does not
 * reopen the edge, a withdrawal before the last act does not close it. At equal times the later in the log wins. Returns the same
 * object when nothing changes.
 */
export function applyChange(latest: Spell | undefined, change: SpellChange): Spell {
  const { at, weight, counted } = change
  if (latest === undefined) return change.act ? opened(0, weight, at) : tombstone(0, at)
  if (change.act) return latest.withdrawnAt === null ? grown(latest, change) : afterWithdrawal(latest, change)
  if (latest.withdrawnAt !== null) return withdrawnAgain(latest, at)
  if (counted && latest.weight > weight) return { ...latest, weight: latest.weight - weight }
  if (!counted && at < latest.lastAt) return latest
  return { ...latest, withdrawnAt: Math.max(at, latest.lastAt) }
}

function opened(spell: number, weight: number, at: number): Spell {
  return { spell, weight, firstAt: at, lastAt: at, withdrawnAt: null }
}

/** A state weighs what its latest act says, whichever event arrived last; of two at one time, the heavier. */
function grown(spell: Spell, { at, weight, counted }: SpellChange): Spell {
  const latest = at === spell.lastAt ? Math.max(weight, spell.weight) : at > spell.lastAt ? weight : spell.weight
  return {
    ...spell,
    weight: counted ? spell.weight + weight : latest,
    firstAt: Math.min(spell.firstAt, at),
    lastAt: Math.max(spell.lastAt, at),
  }
}

/** A withdrawal whose act has not arrived (yet): it stood at no time, but an act from before it must not open the edge. */
function tombstone(spell: number, at: number): Spell {
  return { spell, weight: 0, firstAt: at, lastAt: at, withdrawnAt: at }
}

function withdrawnAgain(latest: Spell, at: number): Spell {
  if (at <= latest.withdrawnAt!) return latest
  return tombstone(latest.weight === 0 ? latest.spell : latest.spell + 1, at)
}

function afterWithdrawal(spell: Spell, { at, weight }: SpellChange): Spell {
  if (at >= spell.withdrawnAt!) return opened(spell.spell + 1, weight, at)
  if (spell.weight === 0) return { ...spell, weight, firstAt: at, lastAt: at }
  return { ...spell, firstAt: Math.min(spell.firstAt, at) }
}
