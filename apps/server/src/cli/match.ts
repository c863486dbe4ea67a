import { type HashBankFile, readHashBank } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { HASH_BITS, isHash, PDQ_QUALITY, parseHash, RadiusIndex } from '@firebreak/media'
import { filesIn } from './files-in.ts'
import { exitFor, hashFiles } from './hashing.ts'
import { type RowOptions, type RowWriter, rowWriter } from './rows.ts'
import { count, note, ProgressLine, type Terminal } from './terminal.ts'

export interface MatchOptions extends RowOptions {
  readonly bank: string
  readonly distance: number
  readonly interval: number
  readonly strict?: boolean
}

const SHOWN = [
  ['distance', 8],
  ['query', 40],
  ['entry', 0],
] as const

/** A look-up more for every frame of a video; how many there will be is not known beforehand. */
const SEARCHES_A_FILE = 50

/**
 * `firebreak match --bank FILE HASH|FILE…`: a row for each bank entry within the distance of a hash, of a picture (or a
 * frame of an animation), or of a video frame of sufficient quality. `hash` is the questioned hash, `entry` the bank's.
 */
export async function match(queries: readonly string[], options: MatchOptions, terminal: Terminal): Promise<number> {
  if (options.distance > HASH_BITS) {
    throw new FirebreakError('usage/option', [`--distance ${options.distance}: hashes have ${HASH_BITS} bits`])
  }
  const bank = await readBank(options, terminal)
  const hashes = queries.filter(isHash)
  const files = await filesIn(queries.filter((query) => !isHash(query)))
  const index = RadiusIndex.build(bank.hashes, options.distance, hashes.length + SEARCHES_A_FILE * files.length)
  const writer = await rowWriter(['query', 'hash', 'distance', 'entry'], SHOWN, options, terminal)
  try {
    for (const query of hashes) await writeMatches({ query, hash: query.toLowerCase() }, index, bank, writer)
    const failed = await matchFiles(files, options, index, bank, writer, terminal)
    const code = exitFor(failed, hashes.length + files.length, options.strict ?? false, terminal)
    await (code === 0 || options.out === undefined ? writer.finish() : writer.abandon())
    return code
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function readBank({ bank: path, strict = false }: MatchOptions, terminal: Terminal): Promise<HashBankFile> {
  const progress = new ProgressLine(terminal)
  const bank = await readHashBank(path, {
    strict,
    onProgress: (done, total) => progress.update(`reading ${path}`, done, total),
  })
  progress.clear()
  const [first] = bank.firstBad
  if (first) note(terminal, `${path}: ${count(bank.bad)} bad lines skipped; first: line ${first.line} ${first.reason}`)
  if (bank.otherTypes > 0) note(terminal, `${path}: ${count(bank.otherTypes)} rows of other types left out`)
  return bank
}

async function matchFiles(
  files: readonly string[],
  options: MatchOptions,
  index: RadiusIndex,
  bank: HashBankFile,
  writer: RowWriter,
  terminal: Terminal,
): Promise<number> {
  let poorFrames = 0
  if (files.length === 0) return 0
  const failed = await hashFiles(files, undefined, options.interval, terminal, async ({ file, media }) => {
    const seen = new Set<string>()
    for (const { type, hash, quality, frame, seconds } of media.hashes) {
      const poor = (quality ?? 0) < PDQ_QUALITY
      if (type === 'vpdq' && (poor || seen.has(hash))) {
        poorFrames += poor ? 1 : 0
        continue
      }
      seen.add(hash)
      if (poor) note(terminal, `firebreak: ${file}: quality ${quality}, too little to see for a sure match`)
      const place = { ...(frame === undefined ? {} : { frame }), ...(seconds === undefined ? {} : { seconds }) }
      await writeMatches({ query: file, hash, quality, ...place }, index, bank, writer)
    }
  })
  if (poorFrames > 0) note(terminal, `${count(poorFrames)} video frames of a quality below ${PDQ_QUALITY} left out`)
  return failed
}

async function writeMatches(
  question: { readonly query: string; readonly hash: string; readonly quality?: number | null },
  index: RadiusIndex,
  bank: HashBankFile,
  writer: RowWriter,
): Promise<void> {
  for (const { entry, distance } of index.search(parseHash(question.hash))) {
    const name = bank.nameOf(entry)
    const whole = { ...question, distance, entry: name, line: bank.lineOf(entry) }
    await writer.row([question.query, question.hash, distance, name], whole)
  }
}
