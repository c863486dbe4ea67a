import { join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { generateWorld, SCENARIOS, type ScenarioName, writeWorld } from '@firebreak/simulator'
import { makeDirectory } from '../instance/make-directory.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

export interface SimulateOptions {
  readonly scenario: string
  readonly seed: number
  readonly out: string
}

/** `firebreak simulate`: a synthetic platform as files; what is true of it goes into a folder apart. */
export async function simulate(options: SimulateOptions, terminal: Terminal): Promise<void> {
  const names: readonly string[] = SCENARIOS
  if (!names.includes(options.scenario)) {
    throw new FirebreakError('usage/option', [`--scenario ${options.scenario}: choose one of ${names.join(', ')}`])
  }
  await writing(options.out, () => makeDirectory(join(options.out, 'truth')))
  const progress = new ProgressLine(terminal)
  progress.update(`making the world "${options.scenario}"`, 0, 1)
  const world = generateWorld({ scenario: options.scenario as ScenarioName, seed: options.seed })
  await writing(options.out, () =>
    writeWorld(world, options.out, ({ file, lines }) =>
      progress.update(`writing ${file}: ${count(lines)} lines`, 0, 1),
    ),
  )
  progress.clear()
  note(terminal, `wrote ${options.out}: events.jsonl, follows.csv, relations.csv, seeds.txt; truth/ apart`)
}

/** What the system refuses (a file in the way, no permission, a full disk) is the operator's to mend. */
async function writing(dir: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new FirebreakError('usage/option', [`--out ${dir} cannot be written: ${(error as Error).message}`], {
      cause: error,
    })
  }
}
