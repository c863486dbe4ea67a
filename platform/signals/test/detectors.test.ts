import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GuardedRequest, GuardedResult } from '@firebreak/intake'
import { seededRandom } from '@firebreak/kernel'
import {
  calibrate,
  Detectors,
  isotonic,
  platt,
  probabilityOf,
  type Reviewed,
  reliability,
  SHAPES,
  type TriageSignal,
} from '../src/index.ts'
import { openStage, PERSON, type Stage, testSealer } from './stage.ts'

/** A classifier whose score is the first byte of what it sees. */
function answering(answer: (request: { url: string } & GuardedRequest) => unknown, status = 200) {
  const seen: ({ url: string } & GuardedRequest)[] = []
  const request = async (url: string, given: GuardedRequest): Promise<GuardedResult> => {
    seen.push({ url, ...given })
    const bytes = Buffer.from(JSON.stringify(answer({ url, ...given })))
    return { ok: true, status, headers: {}, bytes, url }
  }
  return { seen, request }
}

async function contentOf(stage: Stage, name: string): Promise<number> {
  const row = await stage.ledger.db
    .insertInto('entity')
    .values({ kind: 'content', name })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

const settings = {
  url: 'https://classifier.example/v1',
  className: 'csam',
  version: 'v1',
  threshold: 0.5,
  timeoutMs: 1000,
}

test('each shape asks as its service documents, and reads its answer', () => {
  const media = new Uint8Array([1, 2, 3])
  const google = SHAPES.get('google-content-safety')!
  const asked = google.request({ media }, settings, 'k')
  assert.equal(asked.url, 'https://classifier.example/v1?key=k')
  assert.deepEqual(JSON.parse(String(asked.body)), { images: ['AQID'] })
  assert.deepEqual(google.read({ reviewPriorities: ['HIGH'], model_version: 'm7' }, settings), {
    score: 0.75,
    version: 'm7',
  })
  assert.equal(google.read({ reviewPriorities: ['ENORMOUS'] }, settings), null)
  const hive = SHAPES.get('hive')!
  const form = hive.request({ media }, settings, 'k')
  assert.equal((form.headers as Record<string, string>).authorization, 'Token k')
  assert.ok(Buffer.from(form.body as Uint8Array).includes(Buffer.from(media)))
  const classes = [
    { class: 'other', score: 0.9 },
    { class: 'csam', score: 0.2 },
  ]
  assert.deepEqual(
    hive.read(
      { status: [{ response: { output: [{ classes }, { classes: [{ class: 'csam', score: 0.4 }] }] } }] },
      settings,
    ),
    { score: 0.4, version: 'v1' },
  )
  assert.equal(hive.read({ status: [] }, settings), null)
  const plain = SHAPES.get('plain')!
  assert.deepEqual(JSON.parse(String(plain.request({ text: 'paper lantern' }, settings, '').body)), {
    items: [{ text: 'paper lantern' }],
  })
  assert.deepEqual(plain.read({ version: 'r1', scores: [{ score: 0.3 }] }, settings), { score: 0.3, version: 'r1' })
})

test('a detector is never asked where its legal basis is off, and that is counted', async (t) => {
  const stage = await openStage()
  t.after(() => stage.close())
  const { seen, request } = answering(() => ({ version: 'r1', scores: [{ score: 0.9 }] }))
  const allowed = (detector: string, surface: string) => detector === 'house-model' && surface !== 'message'
  const { ledger } = stage
  const detectors = await Detectors.open({ ledger, sealer: testSealer, clock: () => stage.now, request, allowed })
  await detectors.put(
    { id: 'house-model', kind: 'plain', settings: { url: settings.url }, key: 'the key', enabled: true },
    PERSON,
  )
  await detectors.put({ id: 'other-model', kind: 'plain', settings: { url: settings.url }, enabled: true }, PERSON)
  const place = { entity: await contentOf(stage, 'post-1'), name: 'post-1', jurisdiction: null }
  await detectors.look({ ...place, surface: 'message' }, { text: 'paper lantern' })
  assert.equal(seen.length, 0)
  await detectors.look({ ...place, surface: null }, { text: 'paper lantern' })
  assert.equal(seen.length, 1)
  assert.equal((seen[0]!.headers as Record<string, string>).authorization, 'Bearer the key')
  const [house, other] = detectors.list()
  assert.deepEqual([house!.asked, house!.withheld, other!.asked, other!.withheld], [1, 1, 0, 2])
  assert.doesNotMatch(JSON.stringify(detectors.list()), /the key/)
})

test('scores become probabilities only after people decided about enough of them; a new version begins anew', async (t) => {
  const stage = await openStage()
  t.after(() => stage.close())
  let version = 'r1'
  const { request } = answering(({ body }) => ({
    version,
    scores: [{ score: Number(JSON.parse(String(body)).items[0].text) }],
  }))
  const { ledger } = stage
  const detectors = await Detectors.open({
    ledger,
    sealer: testSealer,
    clock: () => stage.now,
    request,
    allowed: () => true,
  })
  await detectors.put(
    { id: 'm', kind: 'plain', settings: { url: settings.url, threshold: 0.6 }, enabled: true },
    PERSON,
  )
  const random = seededRandom('detector')
  const look = async (name: string, score: number) => {
    const entity = await contentOf(stage, name)
    const [signal] = await detectors.look({ entity, name, surface: null, jurisdiction: null }, { text: String(score) })
    return signal!
  }
  const scores = Array.from({ length: 70 }, () => random())
  for (const [i, score] of scores.entries()) assert.equal((await look(`p${i}`, score)).probability, null)
  for (const [i, score] of scores.entries()) await detectors.reviewed(`p${i}`, random() < score ** 2, PERSON)
  assert.equal(detectors.list()[0]!.calibrated, true)
  assert.equal(detectors.list()[0]!.version, 'r1')
  const [low, high] = [await look('low', 0.05), await look('high', 0.97)]
  assert.ok(low.probability! < 0.3 && high.probability! > 0.6)
  const labels = await ledger.labels.active()
  assert.deepEqual(
    labels.map(({ subject, value, source }) => [subject.type, subject.id, value, source]),
    [['content', 'high', 'triage-look', 'detector/m/r1']],
  )
  assert.ok((await detectors.reliability('m'))!.error < 0.5)
  // A decision that is taken back is no outcome: what is left is what the others say.
  const reviewed = detectors.list()[0]!.reviewed
  assert.equal(await detectors.reviewed('p0', null, PERSON), 1)
  assert.equal(detectors.list()[0]!.reviewed, reviewed - 1)
  version = 'r2'
  assert.equal((await look('after', 0.97)).probability, null)
  assert.equal(detectors.list()[0]!.calibrated, false)
})

test('a classifier that fails or answers in another shape is counted, and nothing is made of it', async (t) => {
  const stage = await openStage()
  t.after(() => stage.close())
  const { request } = answering(() => ({ nonsense: true }))
  const { ledger } = stage
  const detectors = await Detectors.open({
    ledger,
    sealer: testSealer,
    clock: () => stage.now,
    request,
    allowed: () => true,
  })
  await detectors.put({ id: 'm', kind: 'hive', settings: { url: settings.url }, enabled: true }, PERSON)
  const entity = await contentOf(stage, 'x')
  assert.deepEqual(await detectors.look({ entity, name: 'x', surface: null, jurisdiction: null }, { text: 'x' }), [])
  assert.equal(detectors.list()[0]!.failed, 1)
  await assert.rejects(detectors.put({ id: 'm', kind: 'unknown', settings: {}, enabled: true }, PERSON), {
    code: 'input/invalid',
  })
})

test('isotonic regression is the best rising fit: checked against trying every split of small samples', () => {
  const random = seededRandom('isotonic')
  for (let round = 0; round < 200; round++) {
    const n = 1 + Math.floor(random() * 7)
    const items = Array.from({ length: n }, () => ({ score: Math.floor(random() * 5) / 5, confirmed: random() < 0.5 }))
    const model = isotonic(items)
    assert.ok(model.kind === 'isotonic')
    const fit = (score: number) => model.probabilities[model.scores.indexOf(score)] ?? interpolate(model, score)
    const loss = items.reduce((sum, { score, confirmed }) => sum + (fit(score) - (confirmed ? 1 : 0)) ** 2, 0)
    assert.ok(Math.abs(loss - bestRising(items)) < 1e-9, `${loss} against ${bestRising(items)}`)
    for (let i = 1; i < model.probabilities.length; i++)
      assert.ok(model.probabilities[i]! >= model.probabilities[i - 1]!)
  }
})

function interpolate(model: Extract<ReturnType<typeof isotonic>, { kind: 'isotonic' }>, score: number): number {
  const after = model.scores.findIndex((one) => one > score)
  return model.probabilities[after < 0 ? model.scores.length - 1 : Math.max(0, after - 1)]!
}

/** Least squares over all partitions of the distinct scores into runs with rising means. */
function bestRising(items: readonly Reviewed[]): number {
  const scores = [...new Set(items.map(({ score }) => score))].sort((a, b) => a - b)
  let best = Number.POSITIVE_INFINITY
  for (let cuts = 0; cuts < 1 << (scores.length - 1); cuts++) {
    const runs: number[][] = [[scores[0]!]]
    for (let i = 1; i < scores.length; i++) {
      if (cuts & (1 << (i - 1))) runs.push([scores[i]!])
      else runs.at(-1)!.push(scores[i]!)
    }
    const parts = runs.map((run) =>
      items.filter(({ score }) => run.includes(score)).map(({ confirmed }) => (confirmed ? 1 : 0)),
    )
    const means = parts.map((part) => part.reduce((sum: number, one) => sum + one, 0) / part.length)
    if (means.some((mean, i) => i > 0 && mean < means[i - 1]!)) continue
    best = Math.min(
      best,
      parts.reduce((sum, part, i) => sum + part.reduce((s: number, one) => s + (one - means[i]!) ** 2, 0), 0),
    )
  }
  return best
}

test('calibration: nothing from too little, never certain, rising, and close on held-out items', () => {
  const random = seededRandom('calibration')
  const draw = (n: number) =>
    Array.from({ length: n }, () => {
      const score = random()
      return { score, confirmed: random() < score ** 3 }
    })
  assert.equal(calibrate(draw(49)), null)
  assert.equal(calibrate(Array.from({ length: 500 }, () => ({ score: 0.5, confirmed: true }))), null)
  for (const [n, kind, most] of [
    [300, 'platt', 0.12],
    [5000, 'isotonic', 0.04],
  ] as const) {
    const items = draw(n)
    const model = calibrate(items)!
    assert.equal(model.kind, kind)
    const stated = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1].map((score) => probabilityOf(model, score))
    assert.deepEqual(
      stated,
      [...stated].sort((a, b) => a - b),
    )
    assert.ok(stated[0]! > 0 && stated.at(-1)! < 1)
    const held = reliability(items)!
    assert.ok(held.error < most, `${kind}: ${held.error}`)
    assert.equal(held.items, n)
  }
  assert.ok(
    (platt(draw(200).map(({ score, confirmed }) => ({ score: 1 - score, confirmed }))) as { slope: number }).slope >= 0,
  )
})

test('what a classifier says fits nowhere that a sanction is founded', () => {
  interface OwnConduct {
    readonly kind: 'content-match' | 'decision'
    readonly ref: string
  }
  const sanction = (account: { type: 'account'; id: string }, conduct: readonly [OwnConduct, ...OwnConduct[]]) => [
    account,
    conduct,
  ]
  const tries = (signal: TriageSignal) => {
    // @ts-expect-error a triage signal is no conduct
    sanction({ type: 'account', id: 'acct-0412' }, [signal])
    // @ts-expect-error its subject is a content, never an account
    sanction(signal.subject, [{ kind: 'decision', ref: 'd1' }])
    // @ts-expect-error and nobody but the detectors makes one
    const made: TriageSignal = {
      subject: { type: 'content', id: 'c' },
      detector: 'd',
      version: '1',
      score: 1,
      probability: 1,
    }
    return made
  }
  assert.equal(typeof tries, 'function')
})
