/** What a file's first bytes say it is. The declared type and the name of a file are never trusted. */
export interface MediaKind {
  readonly format: string
  readonly family: 'picture' | 'video'
  /** The only demuxer that ffmpeg may use for it: play lists and the like, which open other files, are not in the table. */
  readonly demuxer?: string
}

const picture = (format: string, demuxer?: string): MediaKind => ({
  format,
  family: 'picture',
  ...(demuxer === undefined ? {} : { demuxer }),
})
const video = (format: string, demuxer: string): MediaKind => ({ format, family: 'video', demuxer })

const BRANDS: Readonly<Record<string, MediaKind>> = {
  avif: picture('avif'),
  avis: picture('avif'),
  heic: picture('heif'),
  heix: picture('heif'),
  mif1: picture('heif'),
  msf1: picture('heif'),
}

const MAGIC: readonly [offset: number, bytes: string, kind: MediaKind][] = [
  [0, '\xff\xd8\xff', picture('jpeg')],
  [0, '\x89PNG\r\n\x1a\n', picture('png')],
  [0, 'GIF87a', picture('gif', 'gif')],
  [0, 'GIF89a', picture('gif', 'gif')],
  [8, 'WEBP', picture('webp')],
  [0, 'II*\0', picture('tiff')],
  [0, 'MM\0*', picture('tiff')],
  [0, '\x1a\x45\xdf\xa3', video('matroska', 'matroska')],
  [8, 'AVI ', video('avi', 'avi')],
  [0, 'FLV\x01', video('flv', 'flv')],
  [0, 'OggS', video('ogg', 'ogg')],
  [0, '\0\0\x01\xba', video('mpeg', 'mpeg')],
  [0, '\0\0\x01\xb3', video('mpegvideo', 'mpegvideo')],
  [0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11', video('asf', 'asf')],
]

const MOV = video('mp4', 'mov')
const MPEG_TS = video('mpegts', 'mpegts')
const TS_PACKET = 188

/** The kind of a medium, or null for what is not hashed as a picture or video (documents, scripts, vector graphics, unknown bytes). */
export function mediaKind(bytes: Uint8Array): MediaKind | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2 * TS_PACKET + 1)).toString('latin1')
  if (head.slice(4, 8) === 'ftyp') return BRANDS[head.slice(8, 12)] ?? MOV
  if (['moov', 'mdat', 'wide', 'free', 'skip'].includes(head.slice(4, 8))) return MOV
  if (head[0] === 'G' && head[TS_PACKET] === 'G' && head[2 * TS_PACKET] === 'G') return MPEG_TS
  const found = MAGIC.find(([offset, magic]) => head.startsWith(magic, offset))
  if (!found || (found[0] === 8 && !head.startsWith('RIFF'))) return null
  return found[2]
}
