/** Random bytes drawn in large blocks: a call per salt would cost more than the hash it salts. */
export class RandomPool {
  readonly #draw: (size: number) => Uint8Array
  #block: Uint8Array = new Uint8Array(0)
  #used = 0

  constructor(draw: (size: number) => Uint8Array) {
    this.#draw = draw
  }

  take(size: number): Uint8Array {
    if (this.#used + size > this.#block.length) {
      this.#block = this.#draw(Math.max(8192, size))
      this.#used = 0
    }
    this.#used += size
    return this.#block.subarray(this.#used - size, this.#used)
  }
}
