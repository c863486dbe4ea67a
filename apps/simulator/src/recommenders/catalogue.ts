import { type Adjacency, adjacency, type EdgeList, FOLLOW, relationCode, rowOf } from '../edge-list.ts'

/** Who chose whom, from both sides: accounts follow accounts, or like the posts of authors. */
export interface Catalogue {
  readonly accounts: number
  readonly chosenBy: Adjacency
  readonly choosersOf: Adjacency
}

export function catalogueOf(edges: EdgeList, accounts: number, relation: 'follow' | 'like'): Catalogue {
  const code = relation === 'follow' ? FOLLOW : relationCode('like')
  return {
    accounts,
    chosenBy: adjacency(edges, code, accounts, 'out'),
    choosersOf: adjacency(edges, code, accounts, 'in'),
  }
}

/** A catalogue from plain pairs, for graphs that do not come from a world. */
export function catalogueFrom(source: Int32Array, target: Int32Array, accounts: number): Catalogue {
  return { accounts, chosenBy: rows(source, target, accounts), choosersOf: rows(target, source, accounts) }
}

function rows(from: Int32Array, to: Int32Array, accounts: number): Adjacency {
  const offsets = new Int32Array(accounts + 1)
  for (const account of from) offsets[account + 1]!++
  for (let account = 0; account < accounts; account++) offsets[account + 1]! += offsets[account]!
  const targets = new Int32Array(from.length)
  const next = offsets.slice(0, accounts)
  for (let i = 0; i < from.length; i++) targets[next[from[i]!]!++] = to[i]!
  return { offsets, targets }
}

export function degree(rows: Adjacency, account: number): number {
  return rows.offsets[account + 1]! - rows.offsets[account]!
}

/** At most `most` members of a row, evenly spread over it, so that a celebrity costs no more than anyone. */
export function spread(rows: Adjacency, account: number, most: number): Int32Array {
  const row = rowOf(rows, account)
  if (row.length <= most) return row
  return Int32Array.from({ length: most }, (_, i) => row[Math.floor((i * row.length) / most)]!)
}

function lowestOfTop(values: Float64Array, count: number): number {
  if (count === 0) return Number.POSITIVE_INFINITY
  return values.length <= count ? 0 : values.sort()[values.length - count]!
}

/** Scores for some accounts of a large platform: an array that remembers what it touched, so that clearing is cheap. */
export class Tally {
  readonly scores: Float64Array
  readonly touched: number[] = []

  constructor(accounts: number) {
    this.scores = new Float64Array(accounts)
  }

  add(account: number, score: number): void {
    if (this.scores[account] === 0) this.touched.push(account)
    this.scores[account]! += score
  }

  /** Up to `count` accounts with the highest score, `excluded` left out, and clears itself. Ties go to the lower number. */
  takeTop(count: number, excluded: ReadonlySet<number>): number[] {
    return this.takeTopScored(count, excluded).map(([account]) => account)
  }

  /** The same with scores. Only what reaches the lowest score wanted is sorted by account. */
  takeTopScored(count: number, excluded: ReadonlySet<number>): [account: number, score: number][] {
    const { scores } = this
    const found = this.touched.filter((account) => !excluded.has(account))
    const bar = lowestOfTop(
      Float64Array.from(found, (account) => scores[account]!),
      count,
    )
    const order = found
      .filter((account) => scores[account]! >= bar)
      .map((account): [number, number] => [account, scores[account]!])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, count)
    for (const account of this.touched) scores[account] = 0
    this.touched.length = 0
    return order
  }
}
