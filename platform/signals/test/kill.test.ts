import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'

const MEDIA = 120
const worker = join(import.meta.dirname, 'kill-worker.ts')

test('kill -9 of the hashing process, again and again in the middle: every medium is accounted for, none twice', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-kill-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  let killed = 0
  let last = ''
  for (let round = 0; last === ''; round++) {
    const child = spawn(process.execPath, [worker, dir, String(round), String(MEDIA)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = new Promise((done) => child.once('exit', done))
    let under = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'under way') last = line
      else if (round < 2 && ++under === 11 + round * 6) {
        child.kill('SIGKILL')
        killed++
      }
    }
    await exited
    assert.ok(round < 10, 'it ends')
  }
  assert.equal(killed, 2)
  const { media, rows, labels, verified } = JSON.parse(last) as {
    media: Record<string, number>
    rows: number
    labels: number
    verified: boolean
  }
  assert.deepEqual(media, { pending: 0, hashed: MEDIA, failed: 0, off: 0, gone: 0 })
  assert.deepEqual([rows, labels, verified], [MEDIA, MEDIA / 2, true])
})
