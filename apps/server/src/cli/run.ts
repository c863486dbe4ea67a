import { isFirebreakError } from '@firebreak/kernel'
import { CommanderError } from 'commander'
import { buildProgram } from './program.ts'
import { note, type Terminal } from './terminal.ts'

/**
 * Runs one command line and returns its exit code: 0 ok, 1 a check failed, 2 usage, input or environment, 3 our fault.
 * Never throws and never ends the process.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const program = buildProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (isFirebreakError(error)) {
      note(terminal, `firebreak: ${error.message} [${error.code}]`)
      return error.exitCode
    }
    note(
      terminal,
      `firebreak: a fault of Firebreak: ${error instanceof Error ? error.stack : String(error)} [internal/fault]`,
    )
    return 3
  }
}
