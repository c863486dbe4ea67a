/**
 * 10,000 reports over four days for three moderators around the clock (somewhat more than they can do), at the real desk over a store in
 * memory; beside it the same stream in order of arrival, and by severity alone. Prints the waits; WRITE_DOCS=1 writes the picture of
 * docs/reports.md. `npm run test:long -- platform/review/test/triage.long.ts`
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { waitPlot } from './triage/plot.ts'
import { triage } from './triage/run.ts'
import { arrivals, replayOrder, waitTable } from './triage/world.ts'

test('10,000 reports are triaged and none starves: the longest wait of the lightest stays within a week of its turn', async (t) => {
  const stream = arrivals(10_000, 4, 7)
  const { waits, left, clocksBreached } = await triage(stream, 3, 8)
  const byArrival = replayOrder(stream, 3, (a, b) => a.openedAt < b.openedAt, 8)
  const bySeverity = replayOrder(
    stream,
    3,
    (a, b) => a.severity > b.severity || (a.severity === b.severity && a.openedAt < b.openedAt),
    8,
  )
  const series = [
    { name: 'Firebreak', lines: waitTable(waits) },
    { name: 'order of arrival', lines: waitTable(byArrival) },
    { name: 'severity alone', lines: waitTable(bySeverity) },
  ]
  for (const { name, lines } of series)
    for (const { severity, jobs, medianHours, p95Hours, longestHours } of lines)
      t.diagnostic(
        `${name.padEnd(16)} severity ${severity}: ${jobs} jobs, median ${medianHours.toFixed(2)} h, p95 ${p95Hours.toFixed(1)} h, longest ${longestHours.toFixed(1)} h`,
      )
  t.diagnostic(`clocks breached: ${clocksBreached}`)
  if (process.env.WRITE_DOCS === '1')
    writeFileSync(join(import.meta.dirname, '../../../docs/pictures/triage-waits.svg'), waitPlot(series))
  assert.equal(left, 0)
  const worst = (of: number) => series[of]!.lines.map(({ longestHours }) => longestHours)
  assert.ok(worst(0)[0]! < worst(1)[0]!, 'the gravest wait less than in order of arrival')
  assert.ok(worst(0)[4]! <= worst(1)[4]! + 168, 'and the lightest at most a week more')
})
