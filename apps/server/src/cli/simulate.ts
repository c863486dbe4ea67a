import { FirebreakError } from '@firebreak/kernel'
import { generateWorld, SCENARIOS, type ScenarioName, writeWorld } from '@firebreak/simulator'
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
  const progress = new ProgressLine(terminal)
  progress.update(`making the world "${options.scenario}"`, 0, 1)
  const world = generateWorld({ scenario: options.scenario as ScenarioName, seed: options.seed })
  await writeWorld(world, options.out, ({ file, lines }) =>
    progress.update(`writing ${file}: ${count(lines)} lines`, 0, 1),
  )
  progress.clear()
  note(terminal, `wrote ${options.out}: events.jsonl, follows.csv, relations.csv, seeds.txt; truth/ apart`)
}
