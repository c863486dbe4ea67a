import { basename } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { formatHash, HASH_BYTES } from '@firebreak/media'
import { type BadLine, LineCount } from '../files/bad-lines.ts'
import { type Delimiter, detectDelimiter, splitText } from '../files/delimited.ts'
import { forEachLine } from '../files/lines.ts'
import { openBytes, type ReadProgress } from '../files/open-bytes.ts'

/** How strictly a bank file is read, and who is told how far it is. */
export interface BankFileOptions {
  /** Any bad line is one too many. */
  readonly strict?: boolean
  readonly onProgress?: ReadProgress
}

/** The PDQ hashes of a file, in its order. */
export interface HashBankFile {
  /** 32 bytes each, one after the other. */
  readonly hashes: Uint8Array
  readonly size: number
  /** The line of an entry, from 1. */
  lineOf(entry: number): number
  /** What an entry is called: its `id` where the file has such a column, else the hash itself. */
  nameOf(entry: number): string
  readonly lines: number
  readonly bad: number
  readonly firstBad: readonly BadLine[]
  /** Rows of another kind, by their `type` column: md5 and the like have no distance. */
  readonly otherTypes: number
}

/**
 * Reads a bank file: one hash of 64 hexadecimal digits a line, or a delimited file whose header names a `hash` column (and
 * perhaps `id` and `type`), plain or .gz. Blank lines and `#` comments do not count. Bad lines are counted with number and
 * reason; more than 1 % of them (with `strict` any) throw `input/too-many-bad-lines`. Some million lines a second.
 */
export async function readHashBank(path: string, options: BankFileOptions = {}): Promise<HashBankFile> {
  const rows = new BankRows()
  const lines = await forEachLine(openBytes(path, options.onProgress), (buffer, start, end, line) => {
    if (!rows.plainHash(buffer, start, end, line)) rows.otherLine(buffer.toString('utf8', start, end).trim(), line)
  })
  rows.count.assertAcceptable(basename(path), options.strict ?? false)
  return rows.file(lines)
}

interface Columns {
  readonly delimiter: Delimiter
  readonly hash: number
  readonly id: number
  readonly type: number
}

class BankRows {
  readonly count = new LineCount()
  #bytes = new Uint8Array(1024 * HASH_BYTES)
  #lines = new Uint32Array(1024)
  #size = 0
  #otherTypes = 0
  #columns: Columns | null = null
  readonly #ids: string[] = []

  /** The common line, without making a string of it. */
  plainHash(buffer: Buffer, start: number, end: number, line: number): boolean {
    if (this.#columns || end - start !== 2 * HASH_BYTES) return false
    this.#makeRoom()
    if (!readHex(buffer, start, this.#bytes, this.#size * HASH_BYTES)) return false
    this.#keep(line)
    return true
  }

  otherLine(text: string, line: number): void {
    if (text === '' || text.startsWith('#')) return
    if (this.#columns) return this.#row(splitText(text, this.#columns.delimiter), line, this.#columns)
    if (this.count.total === 0) {
      this.#columns = columnsOf(text)
      if (this.#columns) return
    }
    this.#hash(text, line)
  }

  file(lines: number): HashBankFile {
    const hashes = this.#bytes.subarray(0, this.#size * HASH_BYTES)
    const { bad, firstBad } = this.count
    const nameOf = (entry: number) =>
      this.#ids[entry] || formatHash(hashes.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES))
    const lineOf = (entry: number) => this.#lines[entry] ?? 0
    return { hashes, size: this.#size, lineOf, nameOf, lines, bad, firstBad, otherTypes: this.#otherTypes }
  }

  #row(cells: readonly string[], line: number, columns: Columns): void {
    const type = cells[columns.type]?.toLowerCase() ?? 'pdq'
    if (type !== 'pdq' && type !== 'vpdq' && type !== '') {
      this.#otherTypes++
      return
    }
    if (this.#hash(cells[columns.hash] ?? '', line) && columns.id >= 0)
      this.#ids[this.#size - 1] = cells[columns.id] ?? ''
  }

  #hash(text: string, line: number): boolean {
    this.#makeRoom()
    const right = text.length === 2 * HASH_BYTES && readHex(Buffer.from(text), 0, this.#bytes, this.#size * HASH_BYTES)
    if (right) this.#keep(line)
    else {
      this.count.total++
      this.count.reject(line, text === '' ? 'has no hash' : 'is not a hash of 64 hexadecimal digits')
    }
    return right
  }

  #keep(line: number): void {
    this.#lines[this.#size++] = line
    this.count.total++
  }

  #makeRoom(): void {
    if (this.#size < this.#lines.length) return
    const [bytes, lines] = [this.#bytes, this.#lines]
    if (lines.length >= 2 ** 26)
      throw new FirebreakError('input/format', ['the bank', 'holds more than 67 million hashes'])
    this.#bytes = new Uint8Array(bytes.length * 2)
    this.#lines = new Uint32Array(lines.length * 2)
    this.#bytes.set(bytes)
    this.#lines.set(lines)
  }
}

/** Where the first line is a header with a `hash` column, where its columns are. */
function columnsOf(text: string): Columns | null {
  const delimiter = detectDelimiter([text]) ?? ','
  const names = splitText(text, delimiter).map((name) => name.toLowerCase())
  const hash = names.indexOf('hash')
  return hash < 0 ? null : { delimiter, hash, id: names.indexOf('id'), type: names.indexOf('type') }
}

const DIGIT = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)

function readHex(from: Uint8Array, start: number, to: Uint8Array, at: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) {
    const high = DIGIT[from[start + 2 * i]!]!
    const low = DIGIT[from[start + 2 * i + 1]!]!
    if ((high | low) < 0) return false
    to[at + i] = (high << 4) | low
  }
  return true
}
