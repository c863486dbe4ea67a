import { FirebreakError } from '@firebreak/kernel'
import { isHash } from '../hash.ts'

/** One hashed frame of a video: its number from 0, PDQ quality 0 to 100, 64 hexadecimal digits, and its time in seconds. */
export interface VpdqFeature {
  readonly frame: number
  readonly quality: number
  readonly hash: string
  readonly seconds: number
}

/**
 * Reads vPDQ features: lines `frame,quality,hash,seconds` as the vpdq tools write them, or the JSON list of
 * `"hash,quality,seconds"` that hash exchanges pass on (python-threatexchange; frames are then numbered as they come).
 * Throws `media/features` with the line, or the place in the list, for anything else. Empty text: no features.
 */
export function parseVpdq(text: string): VpdqFeature[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  return trimmed.startsWith('[') ? parseJson(trimmed) : trimmed.split(/\r?\n/).map(parseLine)
}

/** Features as text: one line `frame,quality,hash,seconds` each, seconds with three decimals. */
export function formatVpdq(features: readonly VpdqFeature[]): string {
  return features
    .map(({ frame, quality, hash, seconds }) => `${frame},${quality},${hash},${seconds.toFixed(3)}\n`)
    .join('')
}

/** Features as the JSON list of `"hash,quality,seconds"` that hash exchanges pass on. Frame numbers are not part of it. */
export function formatVpdqJson(features: readonly VpdqFeature[]): string {
  return JSON.stringify(features.map(({ hash, quality, seconds }) => `${hash},${quality},${seconds.toFixed(3)}`))
}

function parseLine(line: string, index: number): VpdqFeature {
  const [frame, quality, hash, seconds, ...more] = line.split(',').map((cell) => cell.trim())
  if (seconds === undefined || more.length > 0) throw bad(index, line)
  return feature([frame!, quality!, hash!, seconds], index, line)
}

function parseJson(text: string): VpdqFeature[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw bad(0, text.slice(0, 80))
  }
  if (!Array.isArray(list)) throw bad(0, text.slice(0, 80))
  return list.map((entry: unknown, index) => {
    if (typeof entry !== 'string') throw bad(index, JSON.stringify(entry))
    const [hash, quality, seconds, ...more] = entry.split(',')
    if (seconds === undefined || more.length > 0) throw bad(index, entry)
    return feature([String(index), quality!, hash!, seconds], index, entry)
  })
}

function feature(
  [frame, quality, hash, seconds]: readonly [string, string, string, string],
  index: number,
  line: string,
) {
  const found = { frame: Number(frame), quality: Number(quality), hash: hash.toLowerCase(), seconds: Number(seconds) }
  const valid =
    [frame, quality, seconds].every((cell) => cell !== '') &&
    Number.isSafeInteger(found.frame) &&
    found.frame >= 0 &&
    Number.isInteger(found.quality) &&
    found.quality >= 0 &&
    found.quality <= 100 &&
    isHash(hash) &&
    Number.isFinite(found.seconds) &&
    found.seconds >= 0
  if (!valid) throw bad(index, line)
  return found
}

function bad(index: number, line: string): FirebreakError {
  return new FirebreakError('media/features', [index + 1, line.length > 100 ? `${line.slice(0, 100)}…` : line])
}
