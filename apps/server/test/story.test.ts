/**
 * The main job, told once from end to end on the synthetic platform: three reported accounts, the network around them, the
 * guard in front of the recommender, and what twin audit accounts are shown before and after.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { NetworkDocument } from '../src/networks/network-document.ts'
import type { ProbeRun } from '../src/probes/probe-desk.ts'
import { type RunningServer, startServer } from '../src/start.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-story-'))
let server: RunningServer
let cookie = ''

before(async () => {
  server = await startServer({ data: join(dir, 'main'), demo: true, port: 0, console: false })
})
after(async () => {
  await server?.close()
  rmSync(dir, { recursive: true, force: true })
})

async function ask<T>(path: string, init: RequestInit & { token?: string } = {}): Promise<T> {
  const { token, ...rest } = init
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : { cookie }
  if (rest.body) headers['content-type'] = 'application/json'
  const response = await fetch(`${server.url}${path}`, { ...rest, headers })
  const text = await response.text()
  assert.ok(response.ok, `${path}: ${response.status} ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}

async function until<T>(look: () => Promise<T>, good: (answer: T) => boolean, withinMs: number): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await look()
    if (good(answer)) return answer
    assert.ok(Date.now() < deadline, `not within ${withinMs} ms: ${JSON.stringify(answer).slice(0, 400)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })

test('the operator of this machine signs in with the link, once', async () => {
  const first = await fetch(server.signInLink, { redirect: 'manual' })
  cookie = first.headers.getSetCookie()[0]!.split(';')[0]!
  assert.equal(first.status, 303)
  const again = await fetch(server.signInLink, { redirect: 'manual' })
  assert.notEqual(again.status, 303)
  assert.equal((await fetch(`${server.url}/v1/networks`)).status, 401)
})

let network: NetworkDocument

test('from three reported accounts the network is found, and no victim is inside the cut', async () => {
  const { networks } = await until(
    () => ask<{ networks: NetworkDocument[] }>('/v1/networks'),
    (answer) => answer.networks.some((one) => one.status === 'done' && one.labels !== null),
    150_000,
  )
  network = await ask(`/v1/networks/${networks.at(-1)!.id}`)
  assert.equal(network.map?.isNetwork, true)
  assert.ok(network.map.seeds.every((seed) => seed.fits))
  assert.equal(network.truth?.victimsInCut, 0)
  assert.ok(network.truth.precision >= 0.9, `precision ${network.truth.precision}`)
  assert.ok(network.truth.recall >= 0.7, `recall ${network.truth.recall}`)
  assert.ok(
    network.map.accounts.every((row) => row.sentence.length > 0),
    'every row says why',
  )
})

test('three accounts drawn by lot are not a network', async () => {
  const { id } = await ask<{ id: string }>('/v1/networks', post({ randomSeeds: 3, draw: 3 }))
  const document = await until(
    () => ask<NetworkDocument>(`/v1/networks/${id}`),
    (answer) => answer.status !== 'running',
    30_000,
  )
  assert.equal(document.map?.isNetwork, false)
  assert.ok(document.map.accounts.every((row) => !row.member))
  assert.match(document.name, /draw 3$/, 'its number is shown, so that it can be repeated')
})

test('before the guard one contact floods a viewer with the network; after it, nothing of it is left', async () => {
  const { runs } = await until(
    () => ask<{ runs: ProbeRun[] }>('/v1/probes'),
    (answer) => answer.runs.filter((one) => one.status === 'done').length >= 3,
    120_000,
  )
  for (const name of ['co-follow', 'item-based', 'popularity']) {
    const run = await ask<ProbeRun>(`/v1/probes/${runs.find((one) => one.recommender === name)!.id}`)
    const share = (arm: string, guarded: boolean): number =>
      run.arms!.find((one) => one.name === arm && one.guarded === guarded)!.total.share
    console.log(
      `network share of recommendations, ${name.padEnd(10)} before ${(share('contact', false) * 100).toFixed(1).padStart(5)} %  after ${(share('contact', true) * 100).toFixed(2)} %`,
    )
    if (name !== 'popularity') assert.ok(share('contact', false) >= 0.1, `${name} unguarded`)
    assert.ok(share('contact', true) <= 0.001, `${name} guarded: ${share('contact', true)}`)
    assert.ok(run.benignWithheld!.share <= 0.005, `${name} withholds ${run.benignWithheld!.share} of benign candidates`)
  }
})

test('a platform asks with an API key and learns the verdict, not the reason', async () => {
  const { token } = await ask<{ token: string }>('/v1/api-keys', post({ name: 'recommender', scopes: ['verdicts'] }))
  const member = network.map!.accounts[0]!.account
  const question = post({
    surface: 'recommend_accounts',
    subjects: [
      { type: 'account', id: member },
      { type: 'account', id: 'nobody' },
    ],
  })
  const { verdicts } = await ask<{ verdicts: { action: string }[] }>('/v1/verdicts', { ...question, token })
  assert.deepEqual(
    verdicts.map((verdict) => verdict.action),
    ['drop', 'allow'],
  )
  assert.ok(!/network|member|probab/i.test(JSON.stringify(verdicts)))
})

test('taking the labels back heals the answer within a second', async () => {
  const member = network.map!.accounts[0]!.account
  const look = () =>
    ask<{ verdicts: { action: string }[] }>(
      '/v1/verdicts',
      post({ surface: 'recommend_accounts', subjects: [{ type: 'account', id: member }] }),
    )
  assert.equal((await look()).verdicts[0]!.action, 'drop')
  await ask(`/v1/networks/${network.id}/labels`, { method: 'DELETE' })
  await until(look, (answer) => answer.verdicts[0]!.action === 'allow', 1_000)
})

test('every step is in a chain that verifies', async () => {
  const result = await ask<{ ok: boolean; entries: number }>('/v1/audit/verify')
  assert.equal(result.ok, true)
  assert.ok(result.entries > 0)
})
