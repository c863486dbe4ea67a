import { isFirebreakError } from '@firebreak/kernel'
import { type Command, CommanderError } from 'commander'
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
  const command = args[0]
  if (command !== undefined && !command.startsWith('-') && command !== 'help' && !isCommand(program, command)) {
    // Commander would show the general help for `bogus --help` and call it a success.
    note(terminal, `firebreak: there is no command "${command}"; firebreak --help lists them [usage/option]`)
    return 2
  }
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

function isCommand(program: Command, name: string): boolean {
  return program.commands.some((command) => command.name() === name || command.aliases().includes(name))
}
