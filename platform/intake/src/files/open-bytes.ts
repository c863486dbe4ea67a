import { createReadStream, type ReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FirebreakError } from '@firebreak/kernel'

/** Bytes of the file read so far (compressed bytes for .gz) and its size. */
export type ReadProgress = (done: number, total: number) => void

const CHUNK = 1 << 20

/**
 * The decompressed bytes of a text file, in chunks. Compression is told by content, not by name.
 * Throws `input/file-missing`, `input/file-unreadable`, `input/truncated`, `input/encoding`, `input/parquet` or `input/format`.
 */
export async function* openBytes(path: string, onProgress?: ReadProgress): AsyncGenerator<Buffer> {
  const { head, size } = await peek(path)
  refuseForeignFormats(path, head)
  const file = createReadStream(path, { highWaterMark: CHUNK })
  const gzipped = head[0] === 0x1f && head[1] === 0x8b
  let first = true
  try {
    for await (const chunk of gzipped ? gunzip(file) : file) {
      const bytes = chunk as Buffer
      if (first) refuseForeignEncodings(path, bytes)
      yield first ? withoutByteOrderMark(bytes) : bytes
      first = false
      onProgress?.(file.bytesRead, size)
    }
  } catch (error) {
    throw readError(path, error)
  } finally {
    file.destroy()
  }
}

function gunzip(file: ReadStream): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  // The error reaches the reader through the stream itself; the callback only keeps it from being unhandled.
  pipeline(file, gunzip, () => {})
  return gunzip
}

async function peek(path: string): Promise<{ head: Buffer; size: number }> {
  try {
    const { size } = await stat(path)
    const handle = await open(path, 'r')
    try {
      const head = Buffer.alloc(4)
      await handle.read(head, 0, 4, 0)
      return { head, size }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw readError(path, error)
  }
}

function readError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof FirebreakError || code === undefined) return error
  if (code === 'ENOENT' || code === 'ENOTDIR') return new FirebreakError('input/file-missing', [path], { cause: error })
  if (code === 'Z_BUF_ERROR') return new FirebreakError('input/truncated', [path], { cause: error })
  if (code.startsWith('Z_')) return unreadable(path, 'its compressed data is damaged', error)
  if (code === 'EISDIR') return unreadable(path, 'it is a folder', error)
  if (code === 'EACCES' || code === 'EPERM') return unreadable(path, 'permission denied', error)
  return unreadable(path, (error as Error).message, error)
}

function unreadable(path: string, why: string, cause: unknown): FirebreakError {
  return new FirebreakError('input/file-unreadable', [path, why], { cause })
}

function refuseForeignFormats(path: string, head: Buffer): void {
  const magic = head.toString('latin1')
  if (magic === 'PAR1') throw new FirebreakError('input/parquet', [basename(path)])
  if (magic.startsWith('PK\u0003\u0004')) {
    throw new FirebreakError('input/format', [basename(path), 'a zip or spreadsheet file; export it as CSV'])
  }
}

function refuseForeignEncodings(path: string, bytes: Buffer): void {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (utf16) throw new FirebreakError('input/encoding', [basename(path), 'it is UTF-16'])
  if (bytes.subarray(0, 4096).includes(0)) {
    throw new FirebreakError('input/encoding', [basename(path), 'it holds zero bytes: UTF-16 or not text'])
  }
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
