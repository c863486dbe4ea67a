import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from '../src/instance/progress.ts'
import { readServerFile } from '../src/instance/server-file.ts'
import { demoDirectory, startServer } from '../src/start.ts'

const root = mkdtempSync(join(tmpdir(), 'firebreak-demo-'))
after(() => rmSync(root, { recursive: true, force: true }))
const data = join(root, 'main')

interface Run {
  readonly status: string
  readonly arms: readonly { name: string; guarded: boolean; total: { share: number } }[]
  readonly benignWithheld: { share: number }
}

/** Starts the demo, looks at it once `ready` says so, and stops it. */
async function visit(
  ready: (stages: readonly Stage[]) => boolean,
  look: (get: <T>(path: string) => Promise<T>) => Promise<void>,
): Promise<Stage[]> {
  const stages: Stage[] = []
  const server = await startServer({
    data,
    demo: true,
    port: 0,
    console: false,
    onProgress: (stage) => stages.push(stage),
  })
  try {
    const { token } = (await readServerFile(demoDirectory(data)))!
    const headers = { authorization: `Bearer ${token}` }
    while (!ready(stages)) await pause(100)
    await look(async (path) => (await (await fetch(server.url + path, { headers })).json()) as never)
  } finally {
    await server.close()
  }
  return stages
}

const isDone = (stages: readonly Stage[]) => stages.some(({ stage }) => stage === 'done')

test('stopped in the middle of storing, the demo goes on at the next start and tells its story to the end', async () => {
  await visit(
    (stages) => stages.some(({ stage, done }) => stage === 'events' && done > 20_000),
    async () => {},
  )
  await visit(isDone, async (get) => {
    const { networks } = await get<{ networks: { id: string; name: string; status: string }[] }>('/v1/networks')
    assert.deepEqual(
      networks.map(({ status }) => status),
      ['done', 'done'],
    )
    const documents = await Promise.all(
      networks.map(({ id }) =>
        get<{ map: { isNetwork: boolean }; truth: { precision: number; recall: number; victimsInCut: number } }>(
          `/v1/networks/${id}`,
        ),
      ),
    )
    const [found] = documents.filter(({ map }) => map.isNetwork)
    assert.equal(documents.filter(({ map }) => map.isNetwork).length, 1, 'three random accounts are not a network')
    assert.ok(found!.truth.precision > 0.8 && found!.truth.recall > 0.6, JSON.stringify(found!.truth))
    assert.equal(found!.truth.victimsInCut, 0)

    const { runs } = await get<{ runs: { id: string; recommender: string }[] }>('/v1/probes')
    for (const { id, recommender } of runs) {
      const run = await get<Run>(`/v1/probes/${id}`)
      assert.equal(run.status, 'done')
      const share = (guarded: boolean) =>
        run.arms.find((arm) => arm.name === 'contact' && arm.guarded === guarded)!.total.share
      if (recommender !== 'popularity') {
        assert.ok(share(false) >= 0.1, `${recommender} unguarded ${share(false)}`)
        assert.ok(run.benignWithheld.share <= 0.01, `${recommender} withholds ${run.benignWithheld.share}`)
      }
      assert.ok(share(true) <= 0.005, `${recommender} guarded ${share(true)}`)
    }
  })
})

test('a later start finds everything done and does nothing again', async () => {
  const stages = await visit(isDone, async (get) => {
    const { counts } = await get<{ counts: { events: number } }>('/v1/status')
    assert.ok(counts.events > 200_000)
    assert.equal((await get<{ networks: unknown[] }>('/v1/networks')).networks.length, 2)
    assert.equal((await get<{ runs: unknown[] }>('/v1/probes')).runs.length, 3)
  })
  assert.ok(stages.filter(({ stage }) => stage !== 'store').every(({ finished }) => finished))
})
