/** A word without each of its letters in turn, and the word itself: two words one edit apart share one of these. */
export function deletions(word: string): string[] {
  const result = [word]
  for (let at = 0; at < word.length; at++) {
    // Leaving out either of two equal neighbours gives the same word.
    if (at > 0 && word[at] === word[at - 1]) continue
    result.push(word.slice(0, at) + word.slice(at + 1))
  }
  return result
}

/** One insertion, deletion, substitution or exchange of neighbours apart (Damerau 1964, doi:10.1145/363958.363994). */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let first = 0
  while (first < a.length && first < b.length && a[first] === b[first]) first++
  const [restA, restB] = [a.slice(first), b.slice(first)]
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}

/** Levenshtein distance, given up above `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
    if (Math.min(...row) > limit) return limit + 1
  }
  return row[b.length]!
}
