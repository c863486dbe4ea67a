import { availableParallelism } from 'node:os'
import { BAD_LINE_LIMIT, fittingType, type HashedMedia, HashingPool, type HashType } from '@firebreak/intake'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

/** One file's hashes; `failure` where it has none of the kind asked for. */
export interface HashedFile {
  readonly file: string
  readonly media: HashedMedia
  readonly failure: { readonly code: string; readonly detail: string } | null
}

const REASONS = 20

/**
 * Hashes files in child processes, several at a time, and hands them on in the order given. Says on standard error which
 * files gave nothing and why. Returns how many.
 */
export async function hashFiles(
  files: readonly string[],
  type: HashType | undefined,
  secondsPerFrame: number,
  terminal: Terminal,
  visit: (hashed: HashedFile) => Promise<void>,
): Promise<number> {
  const workers = Math.max(1, Math.min(files.length, availableParallelism()))
  const pool = new HashingPool({ workers, limits: { secondsPerFrame } })
  const progress = new ProgressLine(terminal)
  const running: Promise<HashedFile>[] = []
  let failed = 0
  try {
    for (let next = 0, done = 0; done < files.length; done++) {
      while (next < files.length && running.length < workers * 2) running.push(hashOne(pool, files[next++]!, type))
      const hashed = (await running.shift())!
      progress.update(`${count(done + 1)} of ${count(files.length)} files`, done + 1, files.length)
      if (hashed.failure && failed++ < REASONS) {
        progress.clear()
        note(terminal, `firebreak: ${hashed.file}: ${hashed.failure.detail} [${hashed.failure.code}]`)
      }
      if (!hashed.failure && hashed.media.damaged) {
        progress.clear()
        note(terminal, `firebreak: ${hashed.file}: damaged; hashed as far as it could be read`)
      }
      await visit(hashed)
    }
  } finally {
    progress.clear()
    await pool.close()
  }
  return failed
}

/** Says how many of several files gave nothing; the exit code of the house rule: 2 beyond one in a hundred. */
export function exitFor(failed: number, total: number, strict: boolean, terminal: Terminal): number {
  if (failed > 0) note(terminal, `firebreak: ${count(failed)} of ${count(total)} could not be read or hashed`)
  return failed > 0 && (strict || failed > total * BAD_LINE_LIMIT) ? 2 : 0
}

async function hashOne(pool: HashingPool, file: string, asked: HashType | undefined): Promise<HashedFile> {
  const type = asked ?? (await fittingType(file).catch((): HashType => 'pdq'))
  const first = await pool.hashFile(file, [type])
  // Somebody or something ended the process; it need not have been the file.
  const again = first.failures[0]?.code === 'media/worker-lost'
  const media = again ? await pool.hashFile(file, [type]) : first
  return { file, media, failure: media.failures[0] ?? null }
}
