import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TRUTH_ROLES } from './truth.ts'
import type { World } from './world.ts'

/** Lines written to a file so far. */
export interface WriteProgress {
  readonly file: string
  readonly lines: number
}

const REPORT_EVERY = 100_000
const PIECE = 1 << 16

/**
 * Writes a world for a stranger to work on: `follows.csv` (source,target), `relations.csv` (every other edge, with
 * relation, weight and time), `events.jsonl`, `seeds.txt` (three accounts that users would report) and, apart in
 * `truth/accounts.csv`, who was planted (account,role; an account can have several). Files are readable by the owner only.
 */
export async function writeWorld(
  world: World,
  dir: string,
  onProgress: (progress: WriteProgress) => void = () => {},
): Promise<void> {
  mkdirSync(join(dir, 'truth'), { recursive: true })
  await writeLines(join(dir, 'follows.csv'), followLines(world), onProgress)
  await writeLines(join(dir, 'relations.csv'), relationLines(world), onProgress)
  await writeLines(join(dir, 'events.jsonl'), eventLines(world), onProgress)
  writeFileSync(join(dir, 'seeds.txt'), `${world.suggestedSeeds(3).join('\n')}\n`, { mode: 0o600 })
  await writeLines(join(dir, 'truth', 'accounts.csv'), truthLines(world), onProgress)
}

function* followLines(world: World): Iterable<string> {
  yield 'source,target'
  for (const [source, target, relation] of world.edges()) if (relation === 'follow') yield `${source},${target}`
}

function* relationLines(world: World): Iterable<string> {
  yield 'source,target,relation,weight,at'
  for (const [source, target, relation, weight, at] of world.edges())
    if (relation !== 'follow') yield `${source},${target},${relation},${weight},${new Date(at).toISOString()}`
}

function* eventLines(world: World): Iterable<string> {
  for (const event of world.events()) yield JSON.stringify(event)
}

function* truthLines(world: World): Iterable<string> {
  yield 'account,role'
  for (const role of TRUTH_ROLES) for (const account of world.truth[role]) yield `${account},${role}`
}

async function writeLines(
  path: string,
  lines: Iterable<string>,
  onProgress: (progress: WriteProgress) => void,
): Promise<void> {
  const out = createWriteStream(path, { mode: 0o600 })
  let failure: Error | undefined
  out.on('error', (error) => {
    failure = error
  })
  let count = 0
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (++count % REPORT_EVERY === 0) onProgress({ file: path, lines: count })
    if (piece.length < PIECE) continue
    await push(out, piece)
    piece = ''
    if (failure) throw failure
  }
  await push(out, piece)
  await new Promise<void>((resolve, reject) => {
    out.once('error', reject)
    if (failure) reject(failure)
    else out.end(resolve)
  })
  onProgress({ file: path, lines: count })
}

/** Waits for the disk when its buffer is full, so that a large world does not pile up in memory. */
async function push(out: WriteStream, text: string): Promise<void> {
  if (out.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      out.off('drain', done)
      out.off('error', done)
      resolve()
    }
    out.on('drain', done)
    out.on('error', done)
  })
}
