import sharp, { type SharpOptions } from 'sharp'
import { type MediaFailure, mediaFailure } from './failures.ts'
import { jpegHeader } from './jpeg-header.ts'
import { mediaKind } from './media-kind.ts'

/** What a picture may cost before it is refused. */
export interface DecodeLimits {
  /** Largest file in bytes; 64 MiB unless told. */
  readonly maxBytes: number
  /** Largest picture in pixels, checked on the header before anything is decoded; 128 million unless told. */
  readonly maxPixels: number
  /** Time for decoding in milliseconds; 20,000 unless told. */
  readonly timeoutMs: number
  /** Frames of an animation that are looked at, from the first; 100 unless told. All together stay within `maxPixels`. */
  readonly maxFrames: number
}

/** The limits where none are given. */
export const DECODE_LIMITS: DecodeLimits = {
  maxBytes: 64 * 1_048_576,
  maxPixels: 128_000_000,
  timeoutMs: 20_000,
  maxFrames: 100,
}

/** A decoded picture as `pdqHash` takes it. */
export interface DecodedImage {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** The file is cut short or broken; what could be read was decoded, as a viewer would show it. */
  readonly damaged: boolean
  /** Frames of the file: more than one in an animation. */
  readonly frames: number
}

/** One picture, or why there is none. */
export type Decoded = ({ readonly ok: true } & DecodedImage) | ({ readonly ok: false } & MediaFailure)

/** All frames of an animation, or the one picture, with the same limits. */
export type DecodedFrames =
  | { readonly ok: true; readonly images: DecodedImage[] }
  | ({ readonly ok: false } & MediaFailure)

/**
 * Decodes a JPEG, PNG, WebP, GIF, AVIF, HEIF or TIFF to 8-bit RGB or grey as the PDQ reference sees pixels: orientation
 * tags and colour profiles are not applied (except to CMYK, which has no other meaning), transparency is dropped, 16 bits
 * are cut to 8. The first frame of an animation. A broken file is decoded as far as it goes and marked; what cannot be
 * decoded, is too large or takes too long comes back as a failure, never as an exception.
 */
export async function decodeImage(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<Decoded> {
  const result = await decodeFrames(bytes, { ...limits, maxFrames: 1 })
  return result.ok ? { ok: true, ...result.images[0]! } : result
}

/** The same for every frame of an animation, up to `maxFrames`: what is shown later matters as much as what is shown first. */
export async function decodeFrames(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Promise<DecodedFrames> {
  const { maxBytes, maxPixels, timeoutMs, maxFrames } = { ...DECODE_LIMITS, ...limits }
  if (bytes.length === 0) return { ok: false, ...mediaFailure('media/empty', 'no bytes') }
  if (bytes.length > maxBytes) return { ok: false, ...mediaFailure('media/too-large', `more than ${maxBytes} bytes`) }
  if (mediaKind(bytes)?.family !== 'picture')
    return { ok: false, ...mediaFailure('media/unsupported', 'not a known picture format') }
  try {
    const header = await headerOf(bytes)
    const pixels = header.width * header.height
    if (pixels > maxPixels) return { ok: false, ...mediaFailure('media/too-many-pixels', `${pixels} pixels`) }
    const pages = Math.max(1, Math.min(header.frames, maxFrames, Math.floor(maxPixels / pixels)))
    return { ok: true, images: await decode(bytes, header, pages, timeoutMs) }
  } catch (error) {
    return { ok: false, ...failureOf(error) }
  }
}

interface Header {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly colours: 'grey' | 'cmyk' | 'colour'
}

async function headerOf(bytes: Uint8Array): Promise<Header> {
  const jpeg = mediaKind(bytes)?.format === 'jpeg' ? jpegHeader(bytes) : null
  if (jpeg && jpeg.height > 0) return { ...jpeg, frames: 1, colours: COLOURS[jpeg.components] ?? 'colour' }
  const { width, height, pageHeight, pages, format, space } = await sharp(bytes, {
    limitInputPixels: false,
    failOn: 'none',
  }).metadata()
  const grey = space === 'b-w' || space === 'grey16'
  // Pages of a TIFF or the pictures of an HEIF file are not frames of one animation.
  const frames = format === 'gif' || format === 'webp' ? (pages ?? 1) : 1
  return { width, height: pageHeight ?? height, frames, colours: grey ? 'grey' : space === 'cmyk' ? 'cmyk' : 'colour' }
}

const COLOURS: Readonly<Record<number, Header['colours']>> = { 1: 'grey', 4: 'cmyk' }

async function decode(bytes: Uint8Array, header: Header, pages: number, timeoutMs: number): Promise<DecodedImage[]> {
  try {
    return await decodePages(bytes, header, pages, timeoutMs, false)
  } catch (error) {
    if (/timeout/i.test(String(error))) throw error
    return await decodePages(bytes, header, pages, timeoutMs, true)
  }
}

async function decodePages(bytes: Uint8Array, header: Header, pages: number, timeoutMs: number, damaged: boolean) {
  const options: SharpOptions = {
    failOn: damaged ? 'none' : 'warning',
    limitInputPixels: false,
    ignoreIcc: header.colours !== 'cmyk',
    pages,
    sequentialRead: true,
  }
  const { data, info } = await sharp(bytes, options)
    .timeout({ seconds: Math.max(1, Math.ceil(timeoutMs / 1000)) })
    .removeAlpha()
    .toColourspace(header.colours === 'grey' ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const height = info.pageHeight ?? Math.floor(info.height / pages)
  const channels = info.channels === 1 ? 1 : 3
  const size = info.width * height * channels
  return Array.from({ length: pages }, (_, page) => ({
    pixels: new Uint8Array(data.buffer, data.byteOffset + page * size, size),
    width: info.width,
    height,
    channels: channels as 1 | 3,
    damaged,
    frames: header.frames,
  }))
}

function failureOf(error: unknown): MediaFailure {
  const message = error instanceof Error ? error.message : String(error)
  if (/timeout/i.test(message)) return mediaFailure('media/timeout', message)
  if (/pixel limit|too large|exceeds/i.test(message)) return mediaFailure('media/too-many-pixels', message)
  return mediaFailure('media/undecodable', message)
}
