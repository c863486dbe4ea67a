import assert from 'node:assert/strict'
import test from 'node:test'
import { handFrom } from '../src/enforcement/enforcement.ts'
import { settingsFrom } from '../src/instance/settings.ts'

const clock = () => 0
const handOf = (env: Record<string, string>) => handFrom(settingsFrom(env), clock)?.name ?? null
const address = { FIREBREAK_ACTIONS_URL: 'https://social.example/' }

test('actions go by signed webhook, through Mastodon’s admin API or to an AT Protocol service, as the environment says', () => {
  assert.equal(handOf({}), null)
  assert.equal(handOf({ ...address, FIREBREAK_ACTIONS_SECRET: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0' }), 'webhook')
  const token = { ...address, FIREBREAK_ACTIONS_SECRET: 'a-token' }
  assert.equal(handOf({ ...token, FIREBREAK_ACTIONS_KIND: 'mastodon' }), 'mastodon')
  assert.equal(
    handOf({ ...token, FIREBREAK_ACTIONS_KIND: 'atproto', FIREBREAK_ACTIONS_BY: 'did:web:mod.example' }),
    'atproto',
  )
})

test('settings that make no sense are refused with the name of the variable', () => {
  const refused = (env: Record<string, string>, why: RegExp) =>
    assert.throws(() => settingsFrom(env), { code: 'usage/option', message: why })
  refused(address, /FIREBREAK_ACTIONS_SECRET/)
  refused({ ...address, FIREBREAK_ACTIONS_SECRET: 'a-token' }, /whsec_/)
  refused(
    { ...address, FIREBREAK_ACTIONS_SECRET: 'a-token', FIREBREAK_ACTIONS_KIND: 'atproto' },
    /FIREBREAK_ACTIONS_BY/,
  )
  refused({ ...address, FIREBREAK_ACTIONS_SECRET: 'x', FIREBREAK_ACTIONS_KIND: 'pigeon' }, /FIREBREAK_ACTIONS_KIND/)
})

test('how many verdicts keep their facts is a setting', () => {
  assert.equal(settingsFrom({}).sampleEvery, 2_000)
  assert.equal(settingsFrom({ FIREBREAK_SAMPLE_EVERY: '0' }).sampleEvery, 0)
  assert.throws(() => settingsFrom({ FIREBREAK_SAMPLE_EVERY: 'often' }), /FIREBREAK_SAMPLE_EVERY/)
})
