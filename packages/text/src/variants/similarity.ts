import { skeleton } from '../urls/host-skeleton.ts'

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  $: 's',
  '@': 'a',
  '!': 'i',
  '|': 'i',
  l: 'i',
}

/** A spelling without what disguises change: case, marks, look-alikes, digits for letters, separators, doubled letters. */
export function spellingCore(text: string): string {
  let core = ''
  for (const char of skeleton(text)) {
    const plain = LEET[char] ?? char
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(plain) && !core.endsWith(plain)) core += plain
  }
  return core
}

/**
 * How alike two cores are, 0 to 1: edits with swaps (Damerau 1964, optimal string alignment) over the longer length; vowels dropped,
 * reversed or with more around it count as near. Cost: O(length²).
 */
export function similarity(a: string, b: string): number {
  if (a === '' || b === '') return 0
  if (a === b) return 1
  if (Math.min(a.length, b.length) >= 4 && (a.includes(b) || b.includes(a))) return 0.9
  if ([...a].reverse().join('') === b) return 0.9
  const whole = 1 - edits(a, b) / Math.max(a.length, b.length)
  const [x, y] = [consonants(a), consonants(b)]
  if (Math.min(x.length, y.length) < 4) return whole
  return Math.max(whole, 0.95 * (1 - edits(x, y) / Math.max(x.length, y.length)))
}

function consonants(core: string): string {
  return core.replace(/[aeiouy]/g, '').replace(/(.)\1+/gu, '$1')
}

function edits(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
