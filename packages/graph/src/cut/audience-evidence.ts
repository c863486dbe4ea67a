import { audienceFacts, type EarlierLooks } from './audience-facts.ts'
import type { Examination } from './examine.ts'
import type { Models } from './models.ts'

/** From this probability on an account counts as known. */
const KNOWN = 0.5
/** Whoever one look brings in is known to the next, until hardly anybody new comes in. */
const LOOKS = 8
const STILL_GROWING = 1.01

/** What the audience of the found told: P(member) by local number, and P(a coordinated ring). */
export interface AudienceWord {
  readonly coordinated: Float64Array
  readonly ringness: number
}

/**
 * Large networks are held together by whom their audience watches. So the network itself is asked: how near to the audience
 * of the others is each account already known, and how near is everybody else? Whoever is believed then is known to the next
 * look. Null where too few are known, or have no audience in common. Cost: at most eight readings of the audience's rows.
 */
export function askAudience(
  exam: Examination,
  seeds: readonly number[],
  looks: EarlierLooks,
  models: Models,
): AudienceWord | null {
  let coordinated = looks.again
  let onAudience: number | null = null
  let asked = 0
  for (let look = 0; look < LOOKS; look++) {
    const known = knownAccounts(exam, seeds, coordinated)
    if (known.length < asked * STILL_GROWING) break
    const facts = audienceFacts(exam, known, looks)
    if (facts === null) break
    asked = known.length
    coordinated = new Float64Array(exam.local.size)
    coordinated.set(models.audience.probabilities(facts.rows), exam.candidates.seedCount)
    onAudience = models.watched.probabilities(facts.shape)[0] as number
  }
  return onAudience === null ? null : mixed(looks, coordinated, onAudience)
}

/** Seeds that fit, and everybody believed in, by local number. */
export function knownAccounts(
  { local, candidates }: Examination,
  seeds: readonly number[],
  probability: Float64Array,
): number[] {
  const known = [...seeds]
  for (let u = candidates.seedCount; u < local.size; u++) if ((probability[u] as number) >= KNOWN) known.push(u)
  return known
}

/** A network that lives on an audience is a ring, and read by its audience; otherwise all stays as the first look left it. */
function mixed({ once, ringness }: EarlierLooks, coordinated: Float64Array, onAudience: number): AudienceWord {
  return {
    coordinated: coordinated.map((p, u) => onAudience * p + (1 - onAudience) * (once[u] as number)),
    ringness: onAudience + (1 - onAudience) * ringness,
  }
}
