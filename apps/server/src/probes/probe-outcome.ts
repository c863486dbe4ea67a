import type { ArmName, ProbeResult, Share } from '@firebreak/measurement'

/** What a probe run found, as it is stored and shown. */
export interface ProbeOutcome {
  readonly arms: readonly {
    readonly name: ArmName
    readonly guarded: boolean
    readonly points: readonly (Share & { readonly refresh: number })[]
    readonly total: Share
  }[]
  readonly benignWithheld?: Withheld
  readonly benignWithheldAfterContact?: Withheld
  readonly replicates: number
  readonly refreshes: number
  readonly top: number
}

export interface Withheld extends Share {
  readonly accounts: number
  readonly mostlyWithheld: number
}

/** A share of no slots at all is stored as 0 with its slots, 0, beside it: JSON has no other word for it. */
export function outcomeOf(result: ProbeResult): ProbeOutcome {
  const { replicates, refreshes, top, arms, benignWithheld, benignWithheldAfterContact } = result
  return {
    replicates,
    refreshes,
    top,
    arms: arms.map(({ name, guarded, points, total }) => ({
      name,
      guarded,
      points: points.map((point) => ({ ...finite(point), refresh: point.refresh })),
      total: finite(total),
    })),
    ...(benignWithheld ? { benignWithheld: withheld(benignWithheld) } : {}),
    ...(benignWithheldAfterContact ? { benignWithheldAfterContact: withheld(benignWithheldAfterContact) } : {}),
  }
}

function withheld(given: Withheld): Withheld {
  return { ...finite(given), accounts: given.accounts, mostlyWithheld: given.mostlyWithheld }
}

function finite({ share, low, high, slots }: Share): Share {
  return slots === 0 ? { share: 0, low: 0, high: 0, slots } : { share, low, high, slots }
}
