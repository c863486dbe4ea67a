import { DAY, type Random } from '@firebreak/kernel'
import { type Post, postOf, suggestVariants, type VariantSuggestion } from '@firebreak/text'
import { type BlastRadius, blastRadius, eventsSince, noRadius, type TextSource } from './blast-radius.ts'
import { CompiledList } from './compiled-list.ts'
import { entrySchema } from './entry.ts'
import { lintEntries, opened } from './lint.ts'
import type { ProtectedTerms } from './protected-terms.ts'

/** A suggestion with what it would do, so that a person can decide. */
export interface DiscoveredVariant extends VariantSuggestion {
  readonly falsePositivesPerMegabyte: number
  /** Why it cannot be listed as it is, if so. */
  readonly problems: readonly string[]
  readonly blastRadius: Omit<BlastRadius, 'sample'>
}

/** How far back posts are read before a block, so that what was usual then is known. */
const BEFORE_DAYS = 60

/**
 * What accounts moved to after a term was blocked, out of the stored events, each with expected false positives and what it would
 * have hit since. Suggestions are for people. Cost: two passes over the events from 60 days before the block on.
 */
export async function discoverVariants(
  source: TextSource,
  {
    blocked,
    at,
    limit,
    now,
    random,
    protectedTerms,
  }: { blocked: string; at: number; limit: number; now: number; random: Random; protectedTerms: ProtectedTerms },
): Promise<DiscoveredVariant[]> {
  const posts: Post[] = []
  for await (const batch of eventsSince(source, at - BEFORE_DAYS * DAY))
    for (const event of batch) {
      const post = postOf(event, blocked)
      if (post !== null && typeof post !== 'string') posts.push(post)
    }
  const suggested = suggestVariants(posts, { blocked, at, limit }).map((one) => ({
    ...one,
    variant: plain(one.variant),
  }))
  if (suggested.length === 0) return []
  const candidates = suggested.map(({ variant }) => entrySchema.parse({ text: variant }))
  const reports = lintEntries(candidates, protectedTerms)
  const days = Math.max(1, Math.ceil((now - at) / DAY))
  const usable = candidates.flatMap((entry, i) =>
    reports[i]!.problems.some(({ severity }) => severity === 'error') ? [] : [opened(entry, String(i))],
  )
  const { events, byEntry } = await blastRadius(source, CompiledList.of(usable), { days, now, random })
  return suggested.map((suggestion, i) => {
    const { sample: _sample, ...radius } = byEntry.get(String(i)) ?? noRadius(days, events)
    const { falsePositivesPerMegabyte, problems } = reports[i]!
    return {
      ...suggestion,
      falsePositivesPerMegabyte,
      problems: problems.filter(({ code }) => code !== 'no-expiry').map(({ text }) => text),
      blastRadius: radius,
    }
  })
}

/** The word of a hashtag. */
function plain(tag: string): string {
  return tag.replace(/^[#＃]/, '')
}
