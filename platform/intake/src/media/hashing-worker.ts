/** The child process of `HashingPool`: decodes and hashes one medium after the other. What it crashes on dies with it alone. */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import sharp from 'sharp'
import { mediaFailure } from './failures.ts'
import { type HashedMedia, hashMedia, hashMediaFile } from './hash-media.ts'
import { type HashingReply, type HashingTask, SCRATCH } from './hashing-pool.ts'

sharp.concurrency(1)
sharp.cache(false)

process.on('message', (task: HashingTask) => {
  void answer(task)
})
// The parent is gone: nobody waits for an answer, and nobody else removes the temporary files.
process.on('disconnect', () => {
  const scratch = tmpdir()
  if (basename(scratch).startsWith(SCRATCH)) rmSync(scratch, { recursive: true, force: true })
  process.exit(0)
})

async function answer({ number, medium, types, limits }: HashingTask): Promise<void> {
  const hashing = typeof medium === 'string' ? hashMediaFile(medium, types, limits) : hashMedia(medium, types, limits)
  const result = await hashing.catch((error: unknown): HashedMedia => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const failure = mediaFailure('media/unreadable', missing ? 'no such file' : String(error))
    return { hashes: [], failures: types.map((type) => ({ type, ...failure })), damaged: false }
  })
  process.send?.({ number, result } satisfies HashingReply)
}
