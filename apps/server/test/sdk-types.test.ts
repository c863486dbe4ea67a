import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { openScene } from './scene.ts'

const SDK = join(import.meta.dirname, '../../../sdk')

test('the types of the client are those of the served OpenAPI document', async () => {
  const { typesFrom } = (await import(pathToFileURL(join(SDK, 'scripts/types-from-openapi.ts')).href)) as {
    typesFrom: (document: unknown) => string
  }
  const scene = await openScene()
  await scene.app.ready()
  const text = typesFrom(scene.app.swagger())
  await scene.close()
  const file = join(SDK, 'src/api-types.ts')
  if (process.env.UPDATE_SDK_TYPES === '1') writeFileSync(file, text)
  const plain = (source: string) => source.replaceAll(/[\s()]+/g, '').replaceAll(/([:=])\|/g, '$1')
  assert.equal(plain(readFileSync(file, 'utf8')), plain(text), 'run this test with UPDATE_SDK_TYPES=1')
})
