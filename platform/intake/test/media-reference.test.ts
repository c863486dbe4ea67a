import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hammingDistance, parseHash, parseVpdq } from '@firebreak/media'
import { hasFfmpeg, hashMedia, hashMediaFile } from '../src/media/index.ts'

const data = join(import.meta.dirname, '../../../../shared/data')
const noData = existsSync(join(data, 'pdq')) ? false : 'no ../shared/data'
const noVideo = noData || ((await hasFfmpeg()) || process.env.REQUIRE_ALL === '1' ? false : 'ffmpeg is not installed')

test('every reference picture has exactly the hash and quality of the C++ reference', { skip: noData }, async () => {
  const rows = readFileSync(join(data, 'pdq/reference.csv'), 'utf8').trim().split('\n').slice(1)
  assert.ok(rows.length >= 21)
  for (const row of rows) {
    const [file, hash, quality] = row.split(',')
    const { hashes, damaged } = await hashMedia(readFileSync(join(data, 'pdq/images', file!)), ['pdq'])
    assert.deepEqual(
      { hashes, damaged },
      { hashes: [{ type: 'pdq', hash, quality: Number(quality) }], damaged: false },
      file,
    )
  }
})

for (const video of ['doorknob-hd-no-bar', 'pattern-sd-grey-bar']) {
  test(`every frame of ${video} has its published features within the tolerance of vPDQ`, {
    skip: noVideo,
  }, async () => {
    const published = parseVpdq(readFileSync(join(data, 'vpdq', `${video}.txt`), 'utf8'))
    const { hashes } = await hashMediaFile(join(data, 'vpdq', `${video}.mp4`), ['vpdq'], { secondsPerFrame: 0 })
    assert.equal(hashes.length, published.length)
    for (const [i, { frame, quality, hash, seconds }] of published.entries()) {
      const ours = hashes[i]!
      assert.deepEqual([ours.frame, ours.seconds?.toFixed(3)], [frame, seconds.toFixed(3)])
      if (quality < 50) continue
      assert.ok(hammingDistance(parseHash(ours.hash), parseHash(hash)) < 31, `frame ${frame}`)
    }
  })
}
