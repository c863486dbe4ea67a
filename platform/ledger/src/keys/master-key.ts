import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'

const SIZE = 32

/**
 * Reads the key file, or makes one (mode 0600, synced) when there is none and the store is new. Losing it loses every payload: back it
 * up apart from the data.
 */
export function masterKeyFrom(file: string, randomBytes: (size: number) => Uint8Array, mayMake = true): Buffer {
  if (existsSync(file)) return checked(readFileSync(file), file)
  if (!mayMake)
    throw new FirebreakError('ledger/unavailable', [
      `${file} is missing, and this store was made with it; put it back from its backup`,
    ])
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const made = `${file}.${process.pid}-${Buffer.from(randomBytes(4)).toString('hex')}`
  writeSynced(made, randomBytes(SIZE))
  try {
    // A link appears whole or not at all, and never over another: of two first starts at once, both read the winner's key.
    linkSync(made, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(made)
  }
  return checked(readFileSync(file), file)
}

function writeSynced(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, bytes)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function checked(key: Uint8Array, from: string): Buffer {
  if (key.length !== SIZE)
    throw new FirebreakError('ledger/unavailable', [`${from} is not a master key of ${SIZE} bytes`])
  return Buffer.from(key)
}
