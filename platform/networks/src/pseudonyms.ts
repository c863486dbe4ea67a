import { createHmac } from 'node:crypto'
import { evidenceSentence, type NetworkMap } from '@firebreak/graph'

/** One account's stand-in; the same under one key, meaningless without it. */
export type Pseudonyms = (account: string) => string

/** Pseudonyms by HMAC-SHA-256 under a key of at least 16 bytes; 50 bits are shown, so that a million accounts stay apart. */
export function pseudonymsFrom(key: Uint8Array): Pseudonyms {
  const known = new Map<string, string>()
  return (account) => {
    const given = known.get(account)
    if (given !== undefined) return given
    const digits = createHmac('sha256', key).update(account).digest().readBigUInt64BE() >> 14n
    const name = `p-${digits.toString(32).padStart(10, '0')}`
    known.set(account, name)
    return name
  }
}

/** The same map with every id replaced: in rows, seeds, paths, edges and sentences. */
export function pseudonymous(map: NetworkMap, name: Pseudonyms): NetworkMap {
  return {
    ...map,
    seeds: map.seeds.map((seed) => ({ ...seed, account: name(seed.account) })),
    accounts: map.accounts.map((row) => ({
      ...row,
      account: name(row.account),
      evidence: row.evidence.map((path) => ({
        ...path,
        seed: name(path.seed),
        via: path.via === null ? null : name(path.via),
      })),
      sentence: evidenceSentence(row.evidence, name),
    })),
    edges: map.edges.map((edge) => ({ ...edge, source: name(edge.source), target: name(edge.target) })),
    cut: { ...map.cut, borderline: map.cut.borderline.map(name) },
  }
}
