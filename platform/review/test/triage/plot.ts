import type { WaitLine } from './world.ts'

export interface Series {
  readonly name: string
  readonly lines: readonly WaitLine[]
}

const WIDTH = 640
const ROW = 22
const LEFT = 190
const COLOURS = ['#175cd3', '#b54708', '#667085']

/** Longest wait by severity, one bar per way of ordering; a picture of what the table beside it says. */
export function waitPlot(series: readonly Series[]): string {
  const most = Math.max(...series.flatMap(({ lines }) => lines.map(({ longestHours }) => longestHours)))
  const bars: string[] = []
  let y = 34
  for (const [i, { severity }] of series[0]!.lines.entries()) {
    bars.push(`<text x="8" y="${y + ROW}" font-weight="600">severity ${severity}</text>`)
    for (const [s, { name, lines }] of series.entries()) {
      const { longestHours } = lines[i]!
      const width = Math.max(1, ((WIDTH - LEFT - 70) * longestHours) / most)
      bars.push(
        `<text x="${LEFT - 6}" y="${y + 15}" text-anchor="end">${name}</text>`,
        `<rect x="${LEFT}" y="${y + 4}" width="${width.toFixed(1)}" height="14" fill="${COLOURS[s % COLOURS.length]}"/>`,
        `<text x="${LEFT + width + 6}" y="${y + 16}">${longestHours.toFixed(1)} h</text>`,
      )
      y += ROW
    }
    y += 8
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Longest wait by severity">
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="20" font-size="14" font-weight="600">Longest wait until a moderator takes the job</text>
${bars.join('\n')}
</svg>
`
}
