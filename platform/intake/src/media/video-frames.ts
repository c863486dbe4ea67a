import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { type MediaFailure, mediaFailure } from './failures.ts'
import type { MediaKind } from './media-kind.ts'

/** Which frames are taken, and what a video may cost before it is given up. */
export interface VideoLimits {
  /** Seconds between two hashed frames; 1 unless told, 0 for every frame. */
  readonly secondsPerFrame: number
  /** Largest frame in pixels; 36 million (8K) unless told. */
  readonly maxFramePixels: number
  /** Frames taken at most, from the start; 20,000 unless told. */
  readonly maxVideoFrames: number
  /** Time for the whole video in milliseconds; 300,000 unless told. */
  readonly videoTimeoutMs: number
  /** The ffmpeg to run (ffprobe beside it); found on the path unless told. */
  readonly ffmpeg: string
}

/** The limits where none are given. */
export const VIDEO_LIMITS: VideoLimits = {
  secondsPerFrame: 1,
  maxFramePixels: 36_000_000,
  maxVideoFrames: 20_000,
  videoTimeoutMs: 300_000,
  ffmpeg: 'ffmpeg',
}

/** A decoded frame: RGB, native size; `pixels` is overwritten by the next frame. */
export interface VideoFrame {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly frame: number
  readonly seconds: number
}

interface VideoShape {
  readonly width: number
  readonly height: number
  readonly rate: number
}

/** Whether ffmpeg and ffprobe can be run here. */
export async function hasFfmpeg(ffmpeg: string = VIDEO_LIMITS.ffmpeg): Promise<boolean> {
  try {
    await Promise.all([run(ffmpeg, ['-version']), run(probeOf(ffmpeg), ['-version'])])
    return true
  } catch {
    return false
  }
}

/**
 * Hands frames of a video file to `visit`, chosen as vPDQ chooses them: every n-th frame, n = whole frames in
 * `secondsPerFrame`. Size and pixels are the stream's own (no rotation, no scaling). Returns the number of frames, or a
 * failure as a value; frames visited before a failure stay visited. One ffmpeg process on one thread, killed at the limit.
 */
export async function eachVideoFrame(
  path: string,
  kind: MediaKind,
  limits: Partial<VideoLimits>,
  visit: (frame: VideoFrame) => void,
): Promise<number | MediaFailure> {
  const all = { ...VIDEO_LIMITS, ...limits }
  if (kind.demuxer === undefined) return mediaFailure('media/unsupported', `${kind.format} is not read as a video`)
  const shape = await probe(path, kind.demuxer, all)
  if ('code' in shape) return shape
  if (shape.width * shape.height > all.maxFramePixels)
    return mediaFailure('media/too-many-pixels', `frames of ${shape.width} × ${shape.height}`)
  const step = Math.max(1, Math.trunc(all.secondsPerFrame * shape.rate))
  return await decode(path, kind.demuxer, all, shape, step, visit)
}

const run = promisify(execFile)

function probeOf(ffmpeg: string): string {
  return ffmpeg.replace(/ffmpeg$/, 'ffprobe')
}

/** Only this file, only with this demuxer: a video cannot make ffmpeg open anything else. */
function input(path: string, demuxer: string): string[] {
  return ['-v', 'error', '-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${path}`]
}

async function probe(path: string, demuxer: string, limits: VideoLimits): Promise<VideoShape | MediaFailure> {
  const fields = 'stream=width,height,avg_frame_rate,r_frame_rate'
  const args = [...input(path, demuxer), '-select_streams', 'v:0', '-show_entries', fields, '-of', 'json']
  try {
    const { stdout } = await run(probeOf(limits.ffmpeg), args, {
      timeout: Math.min(30_000, limits.videoTimeoutMs),
      killSignal: 'SIGKILL',
    })
    const [stream] = (JSON.parse(stdout) as { streams?: Record<string, string | number>[] }).streams ?? []
    if (!stream) return mediaFailure('media/no-video', 'no video stream')
    const rate = fraction(stream.avg_frame_rate) || fraction(stream.r_frame_rate)
    const shape = { width: Number(stream.width ?? 0), height: Number(stream.height ?? 0), rate }
    if (!(shape.width > 0 && shape.height > 0 && rate > 0))
      return mediaFailure('media/no-video', 'no size or frame rate')
    return shape
  } catch (error) {
    return processFailure(error as NodeJS.ErrnoException & { killed?: boolean; stderr?: string })
  }
}

function fraction(text: string | number | undefined): number {
  const [above, below] = String(text ?? '').split('/')
  const value = Number(above) / Number(below)
  return Number.isFinite(value) ? value : 0
}

function processFailure(error: NodeJS.ErrnoException & { killed?: boolean; stderr?: string }): MediaFailure {
  if (error.code === 'ENOENT') return mediaFailure('media/no-ffmpeg', 'ffmpeg is not installed; videos need it')
  if (error.killed) return mediaFailure('media/timeout', 'ffprobe took too long')
  return mediaFailure('media/undecodable', error.stderr || error.message)
}

function decode(
  path: string,
  demuxer: string,
  limits: VideoLimits,
  { width, height, rate }: VideoShape,
  step: number,
  visit: (frame: VideoFrame) => void,
): Promise<number | MediaFailure> {
  const choose = step === 1 ? [] : ['-vf', `select=not(mod(n\\,${step}))`]
  const output = ['-map', '0:v:0', ...choose, '-fps_mode', 'passthrough', '-frames:v', String(limits.maxVideoFrames)]
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
  const args = ['-nostdin', '-noautorotate', '-threads', '1', ...input(path, demuxer), ...output, ...raw]
  return new Promise((done) => {
    const child = spawn(limits.ffmpeg, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const frame = new Uint8Array(width * height * 3)
    let filled = 0
    let count = 0
    let complaint = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, limits.videoTimeoutMs)
    child.stdout.on('data', (part: Buffer) => {
      for (let at = 0; at < part.length; ) {
        const taken = Math.min(frame.length - filled, part.length - at)
        frame.set(part.subarray(at, at + taken), filled)
        at += taken
        filled += taken
        if (filled < frame.length) continue
        visit({ pixels: frame, width, height, frame: count * step, seconds: (count * step) / rate })
        count++
        filled = 0
      }
    })
    child.stderr.on('data', (part: Buffer) => {
      complaint = (complaint + part.toString('utf8')).slice(0, 1000)
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      done(processFailure(error as NodeJS.ErrnoException))
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (late) done(mediaFailure('media/timeout', `more than ${limits.videoTimeoutMs} ms`))
      else if (signal !== null || (code !== 0 && count === 0))
        done(mediaFailure('media/undecodable', complaint || `ffmpeg ended with ${signal ?? code}`))
      else done(count)
    })
  })
}
