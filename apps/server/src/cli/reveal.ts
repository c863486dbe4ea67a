import { userInfo } from 'node:os'

/** The last line of every result that came out of a ledger: who made it, when, from what. */
export function watermark(data: string): string {
  return `Firebreak map over ${data}, ${new Date().toISOString()}, by ${operator()}; connected to these seeds, never "offenders"; do not pass on`
}

/** Who runs this: the account of the system, which unlike the environment is not for everybody to set. */
function operator(): string {
  try {
    return userInfo().username
  } catch {
    // A process under a number that no account has (a container) still has the number.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
