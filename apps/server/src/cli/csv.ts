/** One CSV row by RFC 4180; line breaks inside a cell become blanks, so that a row is always one line. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  const text = /[\r\n]/.test(cell) ? cell.replace(/\r\n?|\n/g, ' ') : cell
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
