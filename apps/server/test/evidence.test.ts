import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { after, before } from 'node:test'
import { rowsOf } from '@firebreak/intake'
import { HOUR, MINUTE } from '@firebreak/kernel'
import { markedVictims, wasViewed } from '@firebreak/review'
import { Webhook } from 'standardwebhooks'
import { openMailer } from '../src/reports/mailer.ts'
import { ReportOffice } from '../src/reports/office.ts'
import { type Answer, openScene, type Scene } from './scene.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
let scene: Scene
let platform: Record<string, string>
let policy: Record<string, string>
let server: Server
let origin: string
/** What the platform was asked, and what it received. */
const asked: { url: string; body: unknown }[] = []
let refuse = false
let fail = false

/** A platform: answers for its evidence and receives webhooks; checks every signature. */
before(async () => {
  scene = await openScene()
  platform = await scene.key('reports:write')
  policy = await scene.key('review:manage')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const answer = (status: number, type: string, text: string | Buffer) => {
        response.writeHead(status, { 'content-type': type })
        response.end(text)
      }
      if (request.url === '/media/item-1') return answer(200, 'image/png', Buffer.from('a lantern'))
      if (request.url === '/media/item-2') return answer(200, 'text/html', '<script>alert(1)</script>')
      asked.push({ url: request.url!, body: body === '' ? null : JSON.parse(body) })
      if (fail) return answer(500, 'text/plain', 'down')
      if (refuse) return answer(403, 'application/json', '{}')
      const { reference } = JSON.parse(body) as { reference?: string }
      if (request.url === '/evidence/hold')
        return answer(200, 'application/json', JSON.stringify({ status: reference === 'item-9' ? 'gone' : 'held' }))
      if (request.url === '/evidence/context')
        return answer(
          200,
          'application/json',
          JSON.stringify({ items: [{ at: '2026-06-01T10:00:00Z', side: 'other', text: 'is it still there?' }] }),
        )
      if (request.url === '/evidence/reveal')
        return answer(200, 'application/json', JSON.stringify({ url: `${origin}/media/${reference}` }))
      return answer(204, 'text/plain', '')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await scene.close()
})

const code = (answer: Answer) => (JSON.parse(answer.body) as { code: string }).code
const send = (method: 'GET' | 'POST' | 'PUT', url: string, headers: Record<string, string>, payload?: object) =>
  scene.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
const report = (id: string, references: string[], signal?: string) => {
  scene.now += 1_000
  return send('POST', '/v1/reports', platform, {
    subject: { type: 'content', id },
    category: 'harassment',
    text: 'a lantern, again',
    evidence: references.map((reference) => ({
      kind: 'image',
      reference,
      ...(signal === undefined ? {} : { signal: { type: 'pdq', value: signal } }),
    })),
  })
}
interface Dossier {
  id: string
  subject: { type: string; id: string }
  evidence: { id: string; hold: string; shown: number; decidedBefore: unknown }[]
}
const next = async (headers: Record<string, string>) =>
  ((await send('POST', '/v1/jobs/next', headers, {})).json() as { job: { dossier: Dossier } | null }).job!.dossier

test('evidence is held at the platform when reported: held, gone or refused, and the dossier says which', async () => {
  assert.equal(await scene.instance.reports.askHolds(), 0, 'nothing is asked while no platform is set')
  assert.equal(
    (await send('PUT', '/v1/evidence/port', policy, { url: `${origin}/evidence`, secret: SECRET })).statusCode,
    204,
  )
  await report('post-1', ['item-1', 'item-9'])
  fail = true
  assert.equal(await scene.instance.reports.askHolds(), 0)
  fail = false
  assert.equal(await scene.instance.reports.askHolds(), 2)
  refuse = true
  await report('post-2', ['item-2'])
  await scene.instance.reports.askHolds()
  refuse = false
  const rows = await rowsOf<{ hold: string }>(scene.instance.ledger.db, 'select hold from evidence order by id')
  assert.deepEqual(rows.map(({ hold }) => hold).sort(), ['gone', 'held', 'refused'])
})

test('a view is noted before it is given, goes once to one person, and is stored nowhere', async () => {
  const [mod, other] = [await scene.signedIn('moderator'), await scene.signedIn('moderator')]
  const dossier = await next(mod)
  const item = dossier.evidence.find(({ hold }) => hold === 'held')!
  const ask = { job: dossier.id, purpose: 'to see whether it is the lantern' }
  assert.equal(code(await send('POST', `/v1/evidence/${item.id}/reveal`, other, ask)), 'review/held')
  assert.equal(await wasViewed(scene.instance.ledger.db, item.id), false)
  const revealed = await send('POST', `/v1/evidence/${item.id}/reveal`, mod, ask)
  assert.equal(revealed.statusCode, 200, revealed.body)
  const { view, reveal } = revealed.json() as { view: string; reveal: string }
  assert.equal(code(await send('GET', view, other)), 'review/evidence')
  const shown = await send('GET', view, mod)
  assert.equal(shown.body, 'a lantern')
  assert.equal(shown.headers['cache-control'], 'no-store, no-transform')
  assert.match(String(shown.headers['content-security-policy']), /sandbox/)
  assert.equal(code(await send('GET', view, mod)), 'review/evidence')
  assert.equal(await wasViewed(scene.instance.ledger.db, item.id), true)
  const audit = await scene.instance.ledger.audit({ kind: 'evidence.revealed' })
  assert.equal(audit.length, 1)
  const context = await send('POST', `/v1/evidence/${item.id}/context`, mod, ask)
  assert.equal((context.json() as { lines: { text: string }[] }).lines[0]!.text, 'is it still there?')
  assert.equal(code(await send('POST', `/v1/evidence/${item.id}/context`, other, ask)), 'review/held')
  scene.now += 30_000
  assert.equal((await send('POST', `/v1/reveals/${reveal}/seconds`, mod, { seconds: 500 })).statusCode, 204)
  const me = (await send('GET', '/v1/wellness/me', mod)).json() as { points: number; views: number }
  assert.deepEqual(
    [me.views, me.points],
    [1, 60],
    '30 seconds of severity 3 count double; no more than it can have been',
  )
  const theirs = (await send('GET', '/v1/wellness/me', other)).json() as { views: number }
  assert.equal(theirs.views, 0)
  const team = await send('GET', '/v1/wellness/team', policy)
  assert.deepEqual((team.json() as { days: { people: unknown }[] }).days[0]!.people, null, 'too few to hide in')
  await send('POST', `/v1/jobs/${dossier.id}/decide`, mod, { outcome: 'no-violation', policy: 'harassment/1' })
})

test('an active page among the evidence comes through as bytes, not as a page', async () => {
  const mod = await scene.signedIn('moderator')
  const dossier = await next(mod)
  const ask = { job: dossier.id, purpose: 'to see it' }
  const revealed = await send('POST', `/v1/evidence/${dossier.evidence[0]!.id}/reveal`, mod, ask)
  const shown = await send('GET', (revealed.json() as { view: string }).view, mod)
  assert.equal(shown.headers['content-type'], 'application/octet-stream')
  await send('POST', `/v1/jobs/${dossier.id}/decide`, mod, { outcome: 'no-violation', policy: 'harassment/1' })
})

test('one view per item: what was decided by its hash is not shown again unless asked twice', async () => {
  const mod = await scene.signedIn('moderator')
  await report('post-10', ['item-1'], 'f'.repeat(64))
  const first = await next(mod)
  await send('POST', `/v1/jobs/${first.id}/decide`, mod, { outcome: 'no-violation', policy: 'harassment/1' })
  await report('post-11', ['item-1'], 'f'.repeat(64))
  const second = await next(mod)
  assert.ok(second.evidence[0]!.decidedBefore !== null)
  const url = `/v1/evidence/${second.evidence[0]!.id}/reveal`
  assert.equal(code(await send('POST', url, mod, { job: second.id, purpose: 'to see it' })), 'review/evidence')
  assert.equal((await send('POST', url, mod, { job: second.id, purpose: 'to see it', again: true })).statusCode, 200)
})

test('who steps away is offered nothing until the break is over, and an opted-out category never', async () => {
  const mod = await scene.signedIn('moderator')
  await report('post-20', [])
  await send('POST', '/v1/wellness/me/break', mod, { minutes: 15 })
  assert.equal(code(await send('POST', '/v1/jobs/next', mod, {})), 'review/budget')
  scene.now += 16 * MINUTE
  await send('PUT', '/v1/wellness/me', mod, { optOut: ['harassment'] })
  assert.equal((await send('POST', '/v1/jobs/next', mod, {})).body, '{"job":null}')
  await send('PUT', '/v1/wellness/me', mod, {})
  assert.ok((await next(mod)).id.length > 0)
})

test('a look-up without a job needs a purpose, is counted, and is reviewed by somebody else', async () => {
  const mod = await scene.signedIn('moderator')
  const subject = { type: 'content', id: 'post-1' }
  assert.equal(code(await send('POST', '/v1/lookups', mod, { subject })), 'review/purpose')
  const found = await send('POST', '/v1/lookups', mod, { subject, purpose: 'a call from the press office' })
  assert.equal((found.json() as { willBeReviewed: boolean }).willBeReviewed, true)
  const { lookups } = (await send('GET', '/v1/lookups', policy)).json() as {
    lookups: { id: string; purpose: string }[]
  }
  assert.equal(lookups[0]!.purpose, 'a call from the press office')
  assert.equal((await send('POST', `/v1/lookups/${lookups[0]!.id}/review`, policy, { inOrder: true })).statusCode, 204)
  assert.equal((await send('POST', `/v1/lookups/${lookups[0]!.id}/review`, policy, { inOrder: true })).statusCode, 404)
})

/** Offices over the scene's ledger whose webhooks may, or may not, reach this machine. */
const officeFor = (privateHosts: string[]) =>
  ReportOffice.open({
    ledger: scene.instance.ledger,
    secrets: scene.instance.secrets,
    clock: () => scene.now,
    mailer: openMailer(undefined, undefined),
    pagedByMail: [],
    privateHosts,
    onFault: (error) => assert.fail(String(error)),
  })

test('outcomes go out as signed CloudEvents, retried, dead-lettered and replayed; a private address is refused', async () => {
  const made = await send('POST', '/v1/webhooks', policy, { url: `${origin}/hook` })
  const { secret } = made.json() as { secret: string }
  const mod = await scene.signedIn('moderator')
  await report('post-30', [])
  const { id } = await next(mod)
  await send('POST', `/v1/jobs/${id}/decide`, mod, { outcome: 'no-violation', policy: 'harassment/1' })
  scene.now += HOUR
  await scene.instance.reports.settle()
  const guarded = await officeFor([])
  const trusted = await officeFor([new URL(origin).host])
  try {
    assert.ok((await guarded.deliver()) > 0)
    const log = async (state: string) =>
      (
        (await send('GET', `/v1/webhooks/deliveries?state=${state}`, policy)).json() as {
          deliveries: { lastError: string; attempts: number }[]
        }
      ).deliveries
    assert.match((await log('waiting'))[0]!.lastError, /^fetch\/address/)
    fail = true
    for (let i = 0; i < 12; i++) {
      scene.now += 13 * HOUR
      await trusted.deliver()
    }
    assert.equal((await log('waiting')).length, 0)
    assert.equal((await log('dead'))[0]!.attempts, 10)
    fail = false
    assert.ok(((await send('POST', '/v1/webhooks/replay', policy, {})).json() as { replayed: number }).replayed > 0)
    asked.length = 0
    const received: { headers: Record<string, string>; body: string }[] = []
    server.prependOnceListener('request', (request) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => received.push({ headers: request.headers as Record<string, string>, body }))
    })
    await trusted.deliver()
    assert.ok((await log('delivered')).length > 0)
    const [first] = received
    const at = new Webhook(secret).sign(
      first!.headers['webhook-id']!,
      new Date(Number(first!.headers['webhook-timestamp']) * 1000),
      first!.body,
    )
    assert.equal(first!.headers['webhook-signature'], at)
    const event = JSON.parse(first!.body) as { type: string; data: Record<string, string> }
    assert.equal(event.type, 'org.firebreak.report.outcome.v1')
    assert.deepEqual(Object.keys(event.data).sort(), ['decidedAt', 'outcome', 'reportId'])
  } finally {
    await guarded.close()
    await trusted.close()
  }
})

test('a copy in the vault is encrypted under its case, opened by two people once, and gone with the case', async () => {
  const [one, two] = [await scene.signedIn('moderator'), await scene.signedIn('moderator')]
  await report('post-40', ['item-1'])
  const { id, evidence, subject } = await next(one)
  const body = { job: id, caseId: 'case-7', purpose: 'for the authority' }
  const url = `/v1/evidence/${evidence[0]!.id}/keep`
  assert.equal(code(await send('POST', url, two, body)), 'review/held')
  const kept = await send('POST', url, one, body)
  assert.equal(kept.statusCode, 201, kept.body)
  const item = (kept.json() as { id: string }).id
  const { ledger } = scene.instance
  const stored = await rowsOf<{ body: Uint8Array }>(ledger.db, 'select body from vault_item')
  assert.ok(!Buffer.from(stored[0]!.body).includes('a lantern'))
  const asked = await send('POST', `/v1/vault/${item}/ask`, one, { purpose: 'the authority called back' })
  const { grant } = asked.json() as { grant: string }
  const open = (headers: Record<string, string>) => send('GET', `/v1/vault/grants/${grant}/item`, headers)
  assert.equal(code(await open(one)), 'review/evidence')
  assert.equal(code(await send('POST', `/v1/vault/grants/${grant}`, one)), 'review/evidence')
  assert.equal((await send('POST', `/v1/vault/grants/${grant}`, two)).statusCode, 204)
  assert.equal(code(await open(two)), 'review/evidence')
  assert.equal((await open(one)).body, 'a lantern')
  assert.equal(code(await open(one)), 'review/evidence')
  assert.equal(await wasViewed(ledger.db, evidence[0]!.id), true)
  const hold = await ledger.legalHolds.place(subject, 'a court', {
    kind: 'system',
    id: 'test',
  })
  const destruction = async () => {
    const asking = await send('POST', '/v1/vault/cases/case-7/ask-destruction', one, { purpose: 'the case is over' })
    const { grant: of } = asking.json() as { grant: string }
    await send('POST', `/v1/vault/grants/${of}`, two)
    return send('POST', `/v1/vault/grants/${of}/destroy`, one)
  }
  assert.equal(code(await destruction()), 'http/conflict')
  await ledger.legalHolds.release(hold.id, { kind: 'system', id: 'test' })
  assert.deepEqual((await destruction()).json(), { destroyed: 1 })
  const kinds = (await ledger.audit({ limit: 1_000 })).map(({ kind }) => kind)
  for (const verb of ['stored', 'asked', 'granted', 'opened', 'destroyed'])
    assert.ok(kinds.includes(`vault.${verb}`), verb)
  await send('POST', `/v1/jobs/${id}/decide`, one, { outcome: 'no-violation', policy: 'harassment/1' })
})

test('a victim mark is for the child-safety role, and stands in no answer, audit entry or list', async () => {
  const child = await scene.signedIn('child-safety-moderator')
  const mark = (headers: Record<string, string>, account: string) =>
    send('PUT', '/v1/victims', headers, { account, marked: true })
  await send('POST', '/v1/reports', platform, { subject: { type: 'account', id: 'acct-0900' }, category: 'harassment' })
  assert.equal((await mark(await scene.signedIn('moderator'), 'acct-0900')).statusCode, 403)
  assert.equal((await mark(child, 'acct-0900')).statusCode, 204)
  assert.equal((await mark(child, 'acct-none')).statusCode, 404)
  const { db } = scene.instance.ledger
  assert.deepEqual([...(await markedVictims(db, ['acct-0900', 'acct-1']))], ['acct-0900'])
  const audit = await scene.instance.ledger.audit({ kind: 'victim.marked' })
  assert.deepEqual(
    audit.map(({ data }) => data),
    [{}],
  )
  const listed = await send('GET', '/v1/jobs', child)
  assert.ok(!listed.body.toLowerCase().includes('victim'))
})
