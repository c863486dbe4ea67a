/** The NCMEC mock with 2,500 invented records, for a real client: prints its address, ends with standard input. */
import { createHash } from 'node:crypto'
import { openNcmec } from '../mocks/ncmec.ts'

const RECORDS = 2_500
const mock = await openNcmec({ pageSize: 1_000 })
const now = Math.floor(Date.now() / 1000)
for (let i = 0; i < RECORDS; i++) {
  const digest = (name: string) => createHash('sha256').update(`${name} ${i}`).digest('hex')
  mock.records.push({
    ...{ member: 7 + (i % 3), id: `${i % 5 === 0 ? 'video' : 'image'}-${i}`, video: i % 5 === 0, classification: 'A1' },
    timestamp: now - 10_000 - ((i * 37) % 5_000),
    fingerprints: { md5: digest('md5').slice(0, 32), sha1: digest('sha1').slice(0, 40), pdq: digest('pdq') },
    ...(i % 100 === 1 ? { deleted: true } : {}),
    ...(i % 50 === 2 ? { affirmative: [8] } : {}),
    ...(i % 50 === 3 ? { negative: [9] } : {}),
  })
}
// A client that gives up at the first trouble would not get everything.
mock.faults.push(null, null, { status: 503 }, null, { status: 429, retryAfter: '1' })
console.log(mock.url)
process.stdin.resume()
process.stdin.on('end', async () => {
  console.error(JSON.stringify({ requests: mock.requests.length, feedback: mock.feedback }))
  await mock.close()
})
