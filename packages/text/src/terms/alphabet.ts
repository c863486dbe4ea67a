/** Numbers the classes that occur in a list, 1 upwards; 0 is every other class. */
export class Alphabet {
  size = 0
  /** Numbers of the classes below 0x3100, for inner loops. */
  readonly low = new Uint16Array(0x3100)
  private readonly high = new Map<number, number>()

  add(letter: number): number {
    const known = this.of(letter)
    if (known !== 0) return known
    const number = ++this.size
    if (letter < this.low.length) this.low[letter] = number
    else this.high.set(letter, number)
    return number
  }

  of(letter: number): number {
    return letter < this.low.length ? this.low[letter]! : (this.high.get(letter) ?? 0)
  }
}
