import { HASH_TYPES, type HashType } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { filesIn } from './files-in.ts'
import { exitFor, hashFiles } from './hashing.ts'
import { type RowOptions, rowWriter } from './rows.ts'
import type { Terminal } from './terminal.ts'

export interface HashOptions extends RowOptions {
  readonly type?: string
  readonly interval: number
  readonly strict?: boolean
}

const SHOWN = [
  ['hash', 64],
  ['quality', 7],
  ['type', 6],
  ['file', 0],
] as const

/**
 * `firebreak hash FILE…`: a row for each hash. A video has one row for each hashed frame, an animation one for each
 * distinct frame. Files without a hash are reported with the reason; beyond one in a hundred the exit code is 2, and
 * `--out` leaves no file.
 */
export async function hash(paths: readonly string[], options: HashOptions, terminal: Terminal): Promise<number> {
  const type = typeOf(options.type)
  const files = await filesIn(paths)
  const writer = await rowWriter(['file', 'type', 'hash', 'quality'], SHOWN, options, terminal)
  try {
    const failed = await hashFiles(files, type, options.interval, terminal, async ({ file, media }) => {
      for (const found of media.hashes)
        await writer.row([file, found.type, found.hash, found.quality ?? ''], { file, ...found })
    })
    const code = exitFor(failed, files.length, options.strict ?? false, terminal)
    await (code === 0 || options.out === undefined ? writer.finish() : writer.abandon())
    return code
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function typeOf(type: string | undefined): HashType | undefined {
  const names: readonly string[] = HASH_TYPES
  if (type === undefined || names.includes(type)) return type as HashType | undefined
  throw new FirebreakError('usage/option', [`--type ${type}: choose one of ${names.join(', ')}`])
}
