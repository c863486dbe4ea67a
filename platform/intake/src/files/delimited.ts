const QUOTE = 0x22
const SPACE = 0x20
const TAB = 0x09

/** How the fields of one file are separated; a space stands for any run of spaces or tabs. */
export type Delimiter = '\t' | ',' | ';' | ' '
const DELIMITERS: readonly Delimiter[] = ['\t', ',', ';', ' ']

/**
 * The delimiter that splits most of the sampled lines into at least two fields; null when none does. Where several do (a comma inside
 * the third column of a `;` file), the one that comes first in most lines; blanks, which stand inside names, only when nothing else does.
 */
export function detectDelimiter(lines: readonly string[]): Delimiter | null {
  let best: Delimiter | null = null
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const split = lines.filter((line) => splitText(line, delimiter).length >= 2)
    const first = delimiter === ' ' ? 0 : split.filter((line) => isFirst(line, delimiter)).length
    const score = split.length + first / (lines.length + 1)
    if (score > bestScore) [best, bestScore] = [delimiter, score]
  }
  return best
}

function isFirst(line: string, delimiter: Delimiter): boolean {
  const at = line.indexOf(delimiter)
  return ['\t', ',', ';'].every((other) => other === delimiter || !line.slice(0, at).includes(other))
}

/** Field boundaries of one line: `starts[i]`, `ends[i]` for `count` fields. Reused between lines. */
export class Fields {
  count = 0
  readonly starts = new Int32Array(16)
  readonly ends = new Int32Array(16)

  push(start: number, end: number): void {
    if (this.count < 16) {
      this.starts[this.count] = start
      this.ends[this.count] = end
    }
    this.count++
  }
}

/** Splits a line that holds no quote, trimming blanks around each field; the fast path. */
export function splitBytes(buffer: Buffer, start: number, end: number, delimiter: number, fields: Fields): void {
  fields.count = 0
  if (delimiter === SPACE) return splitBlanks(buffer, start, end, fields)
  let from = start
  for (let i = start; i < end; i++) {
    if (buffer[i] !== delimiter) continue
    pushTrimmed(buffer, from, i, fields)
    from = i + 1
  }
  pushTrimmed(buffer, from, end, fields)
}

function splitBlanks(buffer: Buffer, start: number, end: number, fields: Fields): void {
  let i = start
  while (i < end) {
    while (i < end && isBlank(buffer[i]!)) i++
    const from = i
    while (i < end && !isBlank(buffer[i]!)) i++
    if (i > from) fields.push(from, i)
  }
}

function pushTrimmed(buffer: Buffer, start: number, end: number, fields: Fields): void {
  while (start < end && isBlank(buffer[start]!)) start++
  while (end > start && isBlank(buffer[end - 1]!)) end--
  fields.push(start, end)
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

export function hasQuote(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] === QUOTE) return true
  return false
}

/** Splits a decoded line by RFC 4180 quoting; an unclosed quote gives an empty list. */
export function splitText(line: string, delimiter: Delimiter): string[] {
  if (delimiter === ' ')
    return line
      .trim()
      .split(/[ \t]+/)
      .filter((field) => field !== '')
  const fields: string[] = []
  let i = 0
  for (;;) {
    while (line[i] === ' ') i++
    let field = ''
    if (line[i] === '"') {
      const close = closingQuote(line, i + 1)
      if (close < 0) return []
      field = line.slice(i + 1, close).replaceAll('""', '"')
      i = close + 1
      while (i < line.length && line[i] !== delimiter) i++
    } else {
      const end = line.indexOf(delimiter, i)
      const stop = end < 0 ? line.length : end
      field = line.slice(i, stop).trim()
      i = stop
    }
    fields.push(field)
    if (i >= line.length) return fields
    i++
  }
}

function closingQuote(line: string, from: number): number {
  for (let i = line.indexOf('"', from); i >= 0; i = line.indexOf('"', i + 1)) {
    if (line[i + 1] !== '"') return i
    i++
  }
  return -1
}
