import type { ProbeResult } from '@firebreak/measurement'

export function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(share < 0.01 ? 3 : 1)} %`
}

/** One line for each arm, then what the guard costs. */
export function printProbes(title: string, result: ProbeResult): void {
  console.log(
    `\n${title} · ${result.recommender}, ${result.replicates} pairs × ${result.refreshes} refreshes × top ${result.top}`,
  )
  for (const { name, guarded, points, total, filled } of result.arms) {
    const curve = points.map((point) => (100 * point.share).toFixed(1)).join(' ')
    const interval = `${percent(total.share)} (${percent(total.low)} – ${percent(total.high)}) of ${total.slots} slots, ${percent(filled)} filled`
    console.log(`  ${name.padEnd(7)} ${guarded ? 'guarded  ' : 'unguarded'} ${interval} · by refresh, %: ${curve}`)
  }
  for (const [label, cost] of [
    ['benign withheld', result.benignWithheld],
    ['… after a contact', result.benignWithheldAfterContact],
  ] as const) {
    if (cost === null) continue
    console.log(
      `  ${label}: ${percent(cost.share)} (${percent(cost.low)} – ${percent(cost.high)}); withheld from most of their viewers: ${cost.mostlyWithheld} of ${cost.accounts} accounts (${percent(cost.mostlyWithheldShare)})`,
    )
    const slices = cost.slices.map((slice) => `${slice.by} ${slice.value} ${percent(slice.share)}`)
    if (slices.length > 0) console.log(`    ${slices.join(' · ')}`)
  }
}
