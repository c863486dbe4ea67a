import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'

test('the reference classifier answers in the plain shape, with its version, and wants its key', async (t) => {
  const port = 9211
  const server = spawn(process.execPath, [
    join(import.meta.dirname, 'server.ts'),
    '--port',
    String(port),
    '--key',
    'SECRET',
  ])
  t.after(() => server.kill())
  await once(server.stdout, 'data')
  const ask = async (items: object[], key = 'SECRET') => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ items }),
    })
    return { status: answer.status, body: (await answer.json()) as { version: string; scores: { score: number }[] } }
  }
  const stripes = async (level: boolean) => {
    const pixels = Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => ((level ? i >> 9 : i >> 3) & 1 ? 250 : 5)))
    return (
      await sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
        .png()
        .toBuffer()
    ).toString('base64')
  }
  const { body } = await ask([
    { text: 'a paper lantern set' },
    { text: 'a day on the beach' },
    { media: await stripes(true) },
    { media: await stripes(false) },
  ])
  assert.match(body.version, /^reference-1-[0-9a-f]{8}$/)
  const [lantern, beach, level, upright] = body.scores.map(({ score }) => score)
  assert.ok(lantern! > 0.8 && beach! < 0.3 && level! > 0.9 && upright! < 0.1)
  assert.equal((await ask([{ text: 'x' }], 'wrong')).status, 401)
  assert.equal((await ask([{}])).status, 400)
})
