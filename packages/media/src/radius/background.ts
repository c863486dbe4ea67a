import { Worker } from 'node:worker_threads'
import type { RadiusIndex, SharedIndex } from './radius-index.ts'

/**
 * Compacts an index in a thread of its own: searches, additions and removals go on, and pause only for the moment in which
 * what changed meanwhile is copied. Needs memory for both generations for that time. Rejects with the thread's error; the
 * index then stays as it was.
 */
export async function compactInBackground(index: RadiusIndex): Promise<void> {
  await index.compactWith(
    (shared) =>
      new Promise<SharedIndex>((done, fail) => {
        const worker = new Worker(new URL('./compaction-worker.ts', import.meta.url), { workerData: shared })
        worker.once('message', done)
        worker.once('error', fail)
        worker.once('exit', (code) => fail(new Error(`the compaction thread ended with ${code}`)))
      }),
  )
}
