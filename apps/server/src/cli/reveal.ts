/** More revealed accounts than this in one run need a second person. */
export const REVEAL_LIMIT = 100

/** The last line of every result that came out of a ledger: who made it, when, from what. */
export function watermark(data: string): string {
  const user = process.env.USER ?? process.env.LOGNAME ?? 'unknown user'
  return `Firebreak map over ${data}, ${new Date().toISOString()}, by ${user}; connected to these seeds, never "offenders"; do not pass on`
}
