import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import type { Terminal } from './terminal.ts'

/** Where a command's result goes: standard output, or a file that appears only when it is complete. */
export interface ResultSink {
  write(text: string): Promise<void>
  /** Makes the result visible. */
  finish(): Promise<void>
  /** Leaves no result behind. */
  abandon(): Promise<void>
}

export function toTerminal(terminal: Terminal): ResultSink {
  return {
    async write(text) {
      if (!terminal.out.write(text)) await once(terminal.out, 'drain')
    },
    async finish() {},
    async abandon() {},
  }
}

/** Writes beside the file (mode 0600) and renames at the end, so that a failed run leaves no half result. */
export async function toFile(path: string): Promise<ResultSink> {
  const partial = `${path}.partial-${process.pid}`
  const stream = await openPrivate(path, partial)
  // Without a listener a disk that is full would end the process; whoever waits next is told instead.
  stream.on('error', () => {})
  const abandon = async (): Promise<void> => {
    stream.destroy()
    await rm(partial, { force: true })
  }
  const orSay = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      await abandon()
      throw new FirebreakError('usage/option', [`cannot write ${path}: ${whyNot(path, error)}`], { cause: error })
    }
  }
  return {
    write: (text) =>
      orSay(async () => {
        if (stream.errored) throw stream.errored
        if (!stream.write(text)) await once(stream, 'drain')
      }),
    finish: () =>
      orSay(async () => {
        if (stream.errored) throw stream.errored
        stream.end()
        await once(stream, 'close')
        await rename(partial, path)
      }),
    abandon,
  }
}

async function openPrivate(path: string, partial: string): Promise<WriteStream> {
  try {
    const handle = await open(partial, 'w', 0o600)
    return createWriteStream(partial, { fd: handle })
  } catch (error) {
    throw new FirebreakError('usage/option', [`cannot write ${path}: ${whyNot(path, error)}`], { cause: error })
  }
}

function whyNot(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `the folder ${dirname(path)} does not exist`
  if (code === 'EACCES' || code === 'EPERM') return `no permission to write into ${dirname(path)}`
  if (code === 'ENOTDIR') return `${dirname(path)} is not a folder`
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ENOSPC') return 'the disk is full'
  return message
}
