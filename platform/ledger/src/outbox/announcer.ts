import type { Commit } from '../types.ts'

/**
 * Tells listeners of commits, each position once, whether it was heard from this process or another. A listener that throws is an
 * uncaught exception of its own: the write is committed, and must not look failed.
 */
export class Announcer {
  readonly #listeners = new Set<(commit: Commit) => void>()
  #told = 0

  committed(seq: number): void {
    if (seq <= this.#told) return
    this.#told = seq
    for (const listener of this.#listeners) {
      try {
        listener({ seq })
      } catch (error) {
        setImmediate(() => {
          throw error
        })
      }
    }
  }

  add(listener: (commit: Commit) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
