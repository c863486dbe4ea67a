import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { ERRORS } from '@firebreak/kernel'

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const documented = [...page.matchAll(/^\| `([a-z]+\/[a-z-]+)` \|/gm)].map((row) => row[1])

test('every error code is explained in docs/errors.md, once', () => {
  assert.deepEqual([...documented].sort(), Object.keys(ERRORS).sort())
})
