/** The one pair of plain letters that look alike, I and l: where letter case makes one of them doubtful. */

const MAX_BARS = 8

const isSmall = (text: string, at: number) => at >= 0 && text.charCodeAt(at) >= 97 && text.charCodeAt(at) <= 122
const isCapital = (text: string, at: number) => at >= 0 && text.charCodeAt(at) >= 65 && text.charCodeAt(at) <= 90

/** A capital I, or several, beside small letters may be an l. */
export function isCapitalIAmongSmall(text: string, at: number): boolean {
  let [left, right] = [at - 1, at + 1]
  while (left > at - MAX_BARS && text.charCodeAt(left) === 0x49) left--
  while (right < at + MAX_BARS && text.charCodeAt(right) === 0x49) right++
  return isSmall(text, left) || isSmall(text, right)
}

/** A small l beside capitals and before no small letter may be an I. */
export function isSmallLAmongCapitals(text: string, at: number): boolean {
  return !isSmall(text, at + 1) && (isCapital(text, at + 1) || isCapital(text, at - 1))
}
