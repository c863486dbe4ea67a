import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { settingsFrom } from '../src/instance/settings.ts'
import { SignalsOffice } from '../src/signals/signals-office.ts'
import { noisePicture } from './picture.ts'

test('the address of a medium never reaches a host that is open for own services only; one that is named for media it does', async (t) => {
  let asked = 0
  const service = createServer((_request, response) => {
    asked++
    response.writeHead(200, { 'content-type': 'image/png' })
    response.end(noisePicture(20, 20))
  })
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
  t.after(() => service.close())
  const host = `127.0.0.1:${(service.address() as AddressInfo).port}`
  const fetched = async (env: Record<string, string>) => {
    const ledger = await openTestLedger({ clock: () => TEST_TIME })
    const { privateHosts, mediaHosts } = settingsFrom(env)
    const office = await SignalsOffice.open({
      ...{ ledger, clock: () => TEST_TIME, key: new Uint8Array(32), holder: 'test', working: false },
      ...{ allowed: () => true, allowHosts: privateHosts, mediaHosts, onFault: assert.ifError },
    })
    const got = await office.media.fetch(`http://${host}/admin`, AbortSignal.timeout(10_000))
    await office.close()
    await ledger.close()
    return got.ok ? 'fetched' : got.code
  }
  assert.equal(await fetched({ FIREBREAK_PRIVATE_HOSTS: host }), 'fetch/address')
  assert.equal(asked, 0)
  assert.equal(await fetched({ FIREBREAK_MEDIA_HOSTS: host }), 'fetched')
})
