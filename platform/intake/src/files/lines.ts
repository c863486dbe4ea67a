const NEWLINE = 0x0a
const RETURN = 0x0d

/** One line as a range of a buffer (end exclusive, without its line break); valid only during the call. */
export type OnLine = (buffer: Buffer, start: number, end: number, line: number) => void

/** Calls back for every line, in order; the last one need not end in a line break. Returns the number of lines. */
export async function forEachLine(chunks: AsyncIterable<Buffer>, onLine: OnLine): Promise<number> {
  let rest: Buffer | null = null
  let line = 0
  for await (const chunk of chunks) {
    const buffer: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = buffer.indexOf(NEWLINE, rest?.length ?? 0); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
      onLine(buffer, start, trimReturn(buffer, start, end), ++line)
      start = end + 1
    }
    rest = start < buffer.length ? Buffer.from(buffer.subarray(start)) : null
  }
  if (rest !== null) onLine(rest, 0, trimReturn(rest, 0, rest.length), ++line)
  return line
}

function trimReturn(buffer: Buffer, start: number, end: number): number {
  return end > start && buffer[end - 1] === RETURN ? end - 1 : end
}
