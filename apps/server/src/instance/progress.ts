/** One step of long work, as people see it. */
export interface Stage {
  readonly stage: string
  readonly text: string
  readonly done: number
  readonly total: number
  readonly finished: boolean
}

export type StageListener = (stage: Stage) => void

/** The stages of this instance's work, in the order they began, told to whoever listens. */
export class Progress {
  readonly #stages = new Map<string, Stage>()
  readonly #listeners = new Set<StageListener>()

  report(stage: Stage): void {
    this.#stages.set(stage.stage, stage)
    for (const listener of this.#listeners) listener(stage)
  }

  stages(): Stage[] {
    return [...this.#stages.values()]
  }

  listen(listener: StageListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
