import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'

const SIZE = 32

/** Reads the key file, or makes one (mode 0600, synced) when there is none. Losing it loses every payload: back it up apart from the data. */
export function masterKeyFrom(file: string, randomBytes: (size: number) => Uint8Array): Buffer {
  if (existsSync(file)) return checked(readFileSync(file), file)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const key = Buffer.from(randomBytes(SIZE))
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, key)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return key
}

export function checked(key: Uint8Array, from: string): Buffer {
  if (key.length !== SIZE)
    throw new FirebreakError('ledger/unavailable', [`${from} is not a master key of ${SIZE} bytes`])
  return Buffer.from(key)
}
