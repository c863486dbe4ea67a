import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { formatVpdqJson, matchVpdq, parseVpdq } from '@firebreak/media'
import { type HashedMedia, hasFfmpeg, hashMedia, hashMediaFile } from '../src/media/index.ts'

const skip = (await hasFfmpeg()) || process.env.REQUIRE_ALL === '1' ? false : 'ffmpeg is not installed'
const dir = mkdtempSync(join(tmpdir(), 'firebreak-video-'))
after(() => rmSync(dir, { recursive: true, force: true }))

/** A generated video: moving test pattern, 10 frames a second. */
function video(name: string, ...options: string[]): string {
  const file = join(dir, name)
  const pattern = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10:duration=3']
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...pattern, ...options, file])
  return file
}

const plain = skip ? '' : video('plain.mp4', '-c:v', 'mpeg4', '-q:v', '3')
const codes = ({ failures }: HashedMedia) => failures.map(({ code }) => code)

test('every n-th frame is hashed, n being the whole frames in the interval; time counts from the start', {
  skip,
}, async () => {
  const places = async (secondsPerFrame: number) =>
    (await hashMediaFile(plain, ['vpdq'], { secondsPerFrame })).hashes.map(({ frame, seconds }) => [frame, seconds])
  assert.deepEqual(await places(1), [
    [0, 0],
    [10, 1],
    [20, 2],
  ])
  assert.deepEqual(await places(0.59), [
    [0, 0],
    [5, 0.5],
    [10, 1],
    [15, 1.5],
    [20, 2],
    [25, 2.5],
  ])
  assert.equal((await places(0)).length, 30)
  assert.equal((await hashMediaFile(plain, ['vpdq'], { secondsPerFrame: 0, maxVideoFrames: 7 })).hashes.length, 7)
})

test('a video held in memory gives what its file gives, and leaves nothing behind', { skip }, async () => {
  const file = video('memory.webm', '-c:v', 'libvpx', '-b:v', '1M')
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('firebreak-media-'))
  const fromMemory = await hashMedia(readFileSync(file), ['vpdq', 'sha256'])
  assert.deepEqual(fromMemory, await hashMediaFile(file, ['vpdq', 'sha256']))
  assert.equal(fromMemory.hashes.length, 4)
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith('firebreak-media-'))
  assert.deepEqual(
    left.filter((name) => !before.includes(name)),
    [],
  )
})

test('the same video in another codec and size is the same; another video is not', { skip }, async () => {
  const features = async (file: string) => {
    const { hashes } = await hashMediaFile(file, ['vpdq'], { secondsPerFrame: 0.5 })
    const listed = hashes.map(({ hash, quality, frame, seconds }) => ({
      hash,
      quality: quality!,
      frame: frame!,
      seconds: seconds!,
    }))
    return parseVpdq(formatVpdqJson(listed))
  }
  const original = await features(plain)
  const copy = await features(video('copy.avi', '-c:v', 'mpeg4', '-q:v', '6', '-vf', 'scale=240:180'))
  const mirrored = await features(video('other.mp4', '-c:v', 'mpeg4', '-vf', 'hflip,negate'))
  assert.equal(matchVpdq(copy, original).match, true)
  assert.equal(matchVpdq(mirrored, original).match, false)
})

test('a rotation tag is not applied, and an animated GIF is a video too', { skip }, async () => {
  const tagged = join(dir, 'tagged.mp4')
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', plain, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', tagged])
  assert.deepEqual((await hashMediaFile(tagged, ['vpdq'])).hashes, (await hashMediaFile(plain, ['vpdq'])).hashes)
  assert.equal((await hashMediaFile(video('moving.gif'), ['vpdq'])).hashes.length, 3)
})

test('a video cut short gives the frames it has, or a code', { skip }, async () => {
  const whole = readFileSync(video('whole.avi', '-c:v', 'mpeg4'))
  const half = await hashMedia(whole.subarray(0, whole.length / 2), ['vpdq'], { secondsPerFrame: 0 })
  assert.ok(half.hashes.length > 5 && half.hashes.length < 30)
  const headless = readFileSync(plain)
  assert.deepEqual(codes(await hashMedia(headless.subarray(0, headless.length / 2), ['vpdq'])), ['media/undecodable'])
  for (let length = 12; length < 2000; length += 700)
    for (const bytes of [whole, headless])
      assert.ok(Array.isArray((await hashMedia(bytes.subarray(0, length), ['vpdq'])).failures))
})

test('sound alone, play lists and other text, and huge frames are refused with a code', { skip }, async () => {
  const sound = join(dir, 'sound.mp4')
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=duration=1', sound])
  assert.deepEqual(codes(await hashMediaFile(sound, ['vpdq'])), ['media/no-video'])
  const list = join(dir, 'list.mp4')
  writeFileSync(list, "ffconcat version 1.0\nfile '/etc/hostname'\n")
  assert.deepEqual(codes(await hashMediaFile(list, ['vpdq'])), ['media/unsupported'])
  assert.deepEqual(codes(await hashMediaFile(plain, ['vpdq'], { maxFramePixels: 1000 })), ['media/too-many-pixels'])
})

test('a video that takes too long is given up with a code', { skip }, async () => {
  const { failures } = await hashMediaFile(plain, ['vpdq'], { videoTimeoutMs: 1 })
  assert.deepEqual(
    failures.map(({ code, retry }) => [code, retry]),
    [['media/timeout', true]],
  )
})

test('without ffmpeg a video says so and is worth another try; pictures and digests do not need it', async () => {
  const bytes = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0', 'latin1')
  const { hashes, failures } = await hashMedia(bytes, ['vpdq', 'md5'], { ffmpeg: '/nowhere/ffmpeg' })
  assert.deepEqual(
    hashes.map(({ type }) => type),
    ['md5'],
  )
  assert.deepEqual(
    failures.map(({ code, retry }) => [code, retry]),
    [['media/no-ffmpeg', true]],
  )
  assert.equal(await hasFfmpeg('/nowhere/ffmpeg'), false)
})
