export type Distribution = 'uniform' | 'picture-like'
export declare function hashSet(distribution: Distribution, count: number): Uint8Array
/** Stored hashes with 0 to 31 bits turned over, and the entries they came from. */
export declare function plantedQueries(
  hashes: Uint8Array,
  count: number,
): {
  queries: Uint8Array
  expected: Uint32Array
}
