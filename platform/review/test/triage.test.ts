import assert from 'node:assert/strict'
import test from 'node:test'
import { HOUR } from '@firebreak/kernel'
import { triage } from './triage/run.ts'
import { arrivals, waitTable } from './triage/world.ts'

test('two moderators work through 120 reports: all decided, the grave ones soon, the light ones too', async () => {
  const { waits, left } = await triage(arrivals(120, 0.2, 1), 2, 2)
  assert.equal(left, 0)
  const table = waitTable(waits)
  assert.ok(table.every(({ longestHours }) => longestHours < 168))
  assert.ok(table[0]!.longestHours * HOUR < 2 * HOUR, `grave ones waited ${table[0]!.longestHours} h`)
})
