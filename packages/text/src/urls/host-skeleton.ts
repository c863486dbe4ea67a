import { KIND, kindOf, readingsOf, sequenceOf } from '../characters/table.ts'

/**
 * A text as it is drawn, for comparing names: lower case, without marks and invisible characters, letters that look like ASCII ones
 * (by the term matcher's table) as those. ASCII stays itself, so that different names stay different. Linear.
 */
export function skeleton(text: string): string {
  let drawn = ''
  for (const char of text.normalize('NFKD').toLowerCase()) {
    const code = char.codePointAt(0)!
    if (code < 0x80) drawn += char
    else if ((kindOf(code) & KIND.dropped) === 0 && !/\p{M}/u.test(char)) drawn += asciiOf(code) ?? char
  }
  return drawn
}

function asciiOf(code: number): string | null {
  const classes = sequenceOf(code)
  if (classes?.every((one) => one < 0x80)) return String.fromCodePoint(...classes)
  const reading = readingsOf(code).find((one) => one < 0x80)
  return reading === undefined ? null : String.fromCodePoint(reading)
}
