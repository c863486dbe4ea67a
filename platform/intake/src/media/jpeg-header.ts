/** What a JPEG says of itself before its data: enough to decide on limits and colours without opening it twice. */
export interface JpegHeader {
  readonly width: number
  readonly height: number
  /** 1 grey, 3 colour, 4 CMYK. */
  readonly components: number
}

const MARKER = 0xff
const WITHOUT_LENGTH = (code: number) => code === 0x01 || (code >= 0xd0 && code <= 0xd8)
/** Start of frame of every coding process; C4, C8 and CC mean other things (ITU-T T.81, table B.1). */
const START_OF_FRAME = (code: number) => code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc

/** The frame header of a JPEG, or null where there is none before the first scan. */
export function jpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== MARKER) return null
    const code = bytes[at + 1]!
    if (code === MARKER) at++
    else if (WITHOUT_LENGTH(code)) at += 2
    else if (START_OF_FRAME(code))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9]! }
    else at += 2 + view.getUint16(at + 2)
  }
  return null
}
