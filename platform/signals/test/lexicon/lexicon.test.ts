import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { DAY } from '@firebreak/kernel'
import { ANNA, BEN, KEY, type LexiconStage, openLexiconStage } from './stage.ts'

let stage: LexiconStage
before(async () => {
  stage = await openLexiconStage()
})
after(() => stage.close())

const blocks = (text: string, kind = 'query'): boolean =>
  (stage.lexicon.judge('search', kind, text, { at: stage.now })?.terms.length ?? 0) > 0

test('an entry decides only after test, a second person and shadow', async () => {
  const { lexicon } = stage
  const [added] = await lexicon.entries.add([{ text: 'paper lantern' }], ANNA)
  const id = added!.id!
  assert.equal(added!.status, 'added')
  await assert.rejects(lexicon.entries.publish(id, ANNA), { code: 'lexicon/state' })
  assert.equal((await lexicon.entries.test(id, 30, ANNA)).state, 'test')
  assert.equal((await lexicon.entries.submit(id, ANNA)).state, 'review')
  await assert.rejects(lexicon.entries.approve(id, ANNA), { code: 'lexicon/second-person' })
  await assert.rejects(lexicon.entries.approve(id, KEY), { code: 'lexicon/second-person' })
  assert.equal((await lexicon.entries.approve(id, BEN)).state, 'shadow')
  assert.equal(blocks('p4per lantern'), false)
  assert.equal((await lexicon.entries.entry(id)).shadowHits, 1)
  const live = await lexicon.entries.publish(id, ANNA)
  assert.deepEqual([live.state, live.liveVersion], ['live', 1])
  assert.ok(blocks('p4per lantern') && blocks('#PaperLantern', 'hashtag') && blocks('paperlantern', 'hashtag'))
  assert.ok(!blocks('a lantern made of paper'))
})

test('an edit leaves the version in force until it has gone the same way; a rollback brings it back', async () => {
  const { lexicon } = stage
  const id = await stage.live('seashell trade')
  const edited = await lexicon.entries.edit(id, { text: 'seashell swap' }, BEN)
  assert.deepEqual([edited.state, edited.version, edited.liveVersion], ['draft', 2, 1])
  assert.ok(blocks('seashell trade') && !blocks('seashell swap'))
  await lexicon.entries.test(id, 1, BEN)
  await lexicon.entries.submit(id, BEN)
  await assert.rejects(lexicon.entries.approve(id, BEN), { code: 'lexicon/second-person' })
  await assert.rejects(
    lexicon.entries.approve(id, ANNA),
    { code: 'lexicon/second-person' },
    'the owner is no second person',
  )
  const third = { kind: 'user', id: 'cleo' } as const
  await lexicon.entries.approve(id, third)
  await lexicon.entries.publish(id, BEN)
  assert.ok(!blocks('seashell trade') && blocks('seashell swap'))
  await assert.rejects(lexicon.entries.rollBack(id, 9, 'no such', ANNA), { code: 'http/not-found' })
  const back = await lexicon.entries.rollBack(id, 1, 'too many hits', ANNA)
  assert.deepEqual([back.version, back.liveVersion], [3, 3])
  assert.ok(blocks('seashell trade') && !blocks('seashell swap'))
  await lexicon.entries.expire(id, 'done with', ANNA)
  assert.ok(!blocks('seashell trade'))
})

test('an entry goes out of force by itself at its time', async () => {
  const id = await stage.live({ text: 'velvet kettle', expiresAt: new Date(stage.now + DAY).toISOString() })
  assert.ok(blocks('velvet kettle'))
  stage.now += DAY
  assert.ok(!blocks('velvet kettle'))
  assert.equal((await stage.lexicon.entries.entry(id)).state, 'expired')
})

test('texts are sealed at rest, masked in answers and absent from the audit chain', async () => {
  await stage.live('copper umbrella')
  const listed = JSON.stringify(await stage.lexicon.entries.list())
  assert.ok(!listed.includes('copper'))
  assert.ok(listed.includes('c•••'))
  const audit = JSON.stringify(await stage.ledger.audit({ limit: 1_000 }))
  assert.ok(audit.includes('lexicon.published') && !audit.includes('umbrella'))
  const rows = await stage.ledger.db.selectFrom('lexicon_version').select('body').execute()
  assert.ok(rows.every(({ body }) => !Buffer.from(body).toString('latin1').includes('umbrella')))
  assert.deepEqual((await stage.ledger.verify()).ok, true)
})

test('another process follows what is put in force and taken out', async () => {
  const other = await stage.another()
  const id = await stage.live('marble hedgehog')
  const seen = () => other.judge('search', 'query', 'marble hedgehog', { at: stage.now }) !== null
  for (let i = 0; i < 100 && !seen(); i++) await wait(10)
  assert.ok(seen())
  await stage.lexicon.entries.expire(id, 'test', ANNA)
  for (let i = 0; i < 100 && seen(); i++) await wait(10)
  assert.ok(!seen())
})

test('the same text twice is one entry; errors of the lint are refused with their reasons', async () => {
  const { lexicon } = stage
  const [first, second] = await lexicon.entries.add([{ text: 'Silver Turtle' }, { text: 'silver  turtle' }], ANNA)
  assert.deepEqual([first!.status, second!.status], ['added', 'duplicate'])
  const [refused] = await lexicon.entries.add([{ text: 'ab', options: { boundary: 'none' } }], ANNA)
  assert.equal(refused!.status, 'refused')
  assert.equal(refused!.lint.problems[0]!.code, 'too-short')
  await assert.rejects(lexicon.entries.add([{ text: '' }], ANNA), { code: 'input/invalid' })
})

test('words of help are never withheld in silence', async () => {
  const { lexicon } = stage
  const codes = (text: string, action: 'drop' | 'resources'): string[] =>
    lexicon.entries
      .lint({ text, options: { action } })
      .problems.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code)
  assert.deepEqual(codes('survivor', 'drop'), ['protected'])
  assert.deepEqual(codes('survivor', 'resources'), [])
  await stage.live('amber falcon')
  await lexicon.setSettings({ protectedTerms: ['amber falcon support group'] }, ANNA)
  const judged = (surface: 'search' | 'autocomplete', text: string) =>
    lexicon.judge(surface, 'query', text, { at: stage.now })?.terms.map(({ action }) => action)
  assert.deepEqual(judged('search', 'amber falcon'), ['drop'])
  assert.deepEqual(judged('search', 'Amber Falcon support group near me'), ['resources'])
  assert.deepEqual(judged('autocomplete', 'amber falcon support group'), ['review'])
})

test('links are found through disguises, wrappers and look-alike hosts; shorteners are their own kind', async () => {
  const { lexicon } = stage
  await stage.live({ kind: 'url', text: 'http://paperlantern.com/', list: 'links' })
  const links = (text: string) => lexicon.judge('link_open', 'url', text, { at: stage.now })?.links
  for (const text of [
    'http://paperlantern.com/a?b=c',
    'hxxps://sub.paperlantern[.]com/',
    'https://out.example.org/l?u=https%3A%2F%2Fpaperlantern.com',
    'http://раperlantern.com/',
    'paperlantern dot com',
  ])
    assert.deepEqual(links(text), [{ list: 'links', kind: 'listed', action: 'drop' }], text)
  assert.equal(links('http://notlantern.org/'), undefined)
  assert.deepEqual(links('https://bit.ly/abc'), [{ list: 'shorteners', kind: 'shortener', action: 'caution' }])
  assert.equal(lexicon.judge('comment', 'content', 'see bit.ly/abc', { at: stage.now })?.links[0]?.action, 'review')
  assert.deepEqual(links('pay to $PaperLantern'), [{ list: 'payments', kind: 'payment', action: 'review' }])
  await stage.live({ kind: 'url', text: 'https://t.me/+AbCdEf1234', list: 'links' })
  assert.ok(links('join tg: telegram.me/joinchat/AbCdEf1234')?.some(({ kind }) => kind === 'listed'))
})

test('nothing is completed toward a term in force, short beginnings stay free', async () => {
  await stage.live('crimson lighthouse')
  const judged = (text: string) => stage.lexicon.judge('autocomplete', 'prefix', text, { at: stage.now })
  assert.equal(judged('cri'), null)
  assert.equal(judged('crimson'), null)
  assert.equal(judged('crimson lightho')?.terms[0]?.action, 'no-complete')
  assert.equal(judged('cr1mson light')?.terms[0]?.action, 'no-complete')
  assert.equal(judged('crimson lighthouse')?.terms[0]?.action, 'drop')
  await stage.live('longwindow tap')
  assert.equal(judged('longwindow'), null, 'a whole word is not on the way to a phrase that begins with it')
  assert.equal(judged('longwindow t')?.terms[0]?.action, 'no-complete')
})

test('an expression runs on a linear engine; what matches everything is refused', async () => {
  await stage.live({ kind: 'expression', text: 'zx[0-9]{4}q' })
  assert.ok(blocks('code ZX1234Q here') && !blocks('zx12q'))
  const problems = (text: string) =>
    stage.lexicon.entries.lint({ kind: 'expression', text }).problems.map(({ code }) => code)
  assert.ok(problems('a*').includes('expression'))
  assert.ok(problems('(?=x)y').includes('expression'))
})

test('a whole list goes through each step at once; what cannot go on says why', async () => {
  const { entries } = stage.lexicon
  const words = Array.from({ length: 120 }, (_, i) => ({ text: `feather ${i.toString(36)}quill` }))
  const added = await entries.add([...words, words[0]!], ANNA)
  assert.deepEqual([added.filter(({ status }) => status === 'added').length, added.at(-1)!.status], [120, 'duplicate'])
  const ids = added.flatMap(({ id }) => (id === null ? [] : [id]))
  for (const step of ['test', 'submit'] as const) await entries.stepAll(step, ids, 1, ANNA)
  const own = await entries.stepAll('approve', ids, 1, ANNA)
  assert.ok(own.every(({ status, code }) => status === 'refused' && code === 'lexicon/second-person'))
  await entries.stepAll('approve', ids, 1, BEN)
  const published = await entries.stepAll('publish', [...ids, 'no-such'], 1, ANNA)
  assert.equal(published.filter(({ status }) => status === 'done').length, 120)
  assert.equal(published.at(-1)!.code, 'http/not-found')
  assert.ok(blocks('f3ather 2zquill') && !blocks('feather of a bird'))
})

test('a text that another entry has cannot be taken by an edit', async () => {
  const { entries } = stage.lexicon
  const [first, second] = await entries.add([{ text: 'tin whistle band' }, { text: 'tin drum band' }], ANNA)
  await assert.rejects(entries.edit(second!.id!, { text: 'Tin Whistle  Band' }, ANNA), { code: 'http/conflict' })
  await entries.edit(first!.id!, { text: 'tin flute band' }, ANNA)
  assert.equal((await entries.add([{ text: 'tin whistle band' }], ANNA))[0]!.status, 'added')
})

test('texts of places without a legal basis are not read, neither for a trial nor for variants', async () => {
  const at = new Date(stage.now - DAY).toISOString()
  const said = (id: string, surface?: string) => ({
    ...{ id, type: 'post.created', at, actor: { type: 'account', id: `acct-${id}` }, subject: { type: 'content', id } },
    ...(surface ? { surface } : {}),
    data: { text: 'the velvet trombone' },
  })
  await stage.ledger.append([said('open'), said('closed', 'private_group')], ANNA)
  const { entries } = stage.lexicon
  const [added] = await entries.add([{ text: 'velvet trombone' }], ANNA)
  const { blastRadius } = await entries.test(added!.id!, 30, ANNA)
  assert.deepEqual(
    blastRadius.sample.map(({ event }) => event),
    ['open'],
  )
  const found = await stage.lexicon.discover({ blocked: 'velvet trombone', at: stage.now, limit: 5 }, ANNA)
  assert.deepEqual(found, [])
})
