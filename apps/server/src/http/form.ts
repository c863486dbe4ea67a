/** A file of a form (RFC 7578). */
export interface FormFile {
  /** The field's name. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** The files of a multipart body held in memory; fields without a file name are passed over. Malformed parts are left out. */
export function filesIn(body: Buffer, contentType: string): FormFile[] {
  const boundary = /boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType)
  if (boundary === null) return []
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2]}`)
  const files: FormFile[] = []
  for (let at = body.indexOf(mark); at >= 0; ) {
    const from = at + mark.length
    const next = body.indexOf(mark, from)
    if (next < 0) break
    // Each part stands between CRLFs that belong to the boundaries.
    const file = fileIn(body.subarray(from + 2, next - 2))
    if (file !== null) files.push(file)
    at = next
  }
  return files
}

function fileIn(part: Buffer): FormFile | null {
  const end = part.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = part.toString('latin1', 0, end)
  const name = /(?:^|[;\s])name="([^"]*)"/i.exec(head)?.[1]
  return name === undefined || !/filename\*?=/i.test(head) ? null : { name, bytes: part.subarray(end + 4) }
}
