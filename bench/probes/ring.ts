import { type Random, randomInt, sample } from '@firebreak/kernel'

/** A ring laid over a real graph: new seller accounts with backups, and an audience of existing accounts. Node numbers. */
export interface LaidRing {
  readonly hubs: readonly number[]
  readonly backups: readonly number[]
  /** Pairs "first follows second". */
  readonly follows: readonly (readonly [number, number])[]
  /** Pairs of account and item key, by relation. */
  readonly shared: readonly (readonly [number, string, string])[]
  readonly backupNames: readonly (readonly [number, number])[]
  readonly accounts: number
}

export interface RingSize {
  readonly hubs: number
  readonly backups: number
  readonly audience: number
}

/**
 * Hubs follow each other sparsely and some ordinary accounts (camouflage); the audience is ordinary accounts who follow
 * two to six hubs; a hub's bio names its backup, which part of the audience follows too; coded hashtags and pictures are
 * shared, also by outsiders.
 */
export function layRing(accounts: number, size: RingSize, random: Random): LaidRing {
  const hubs = Array.from({ length: size.hubs }, (_, i) => accounts + i)
  const backups = Array.from({ length: size.backups }, (_, i) => accounts + size.hubs + i)
  const follows: [number, number][] = []
  const shared: [number, string, string][] = []
  const anyone = () => randomInt(random, accounts)
  for (const hub of hubs) {
    for (const other of sample(random, hubs, 3)) if (other !== hub) follows.push([hub, other])
    for (let i = 4 + randomInt(random, 12); i > 0; i--) follows.push([hub, anyone()])
    for (let i = randomInt(random, 4); i > 0; i--) follows.push([anyone(), hub])
    for (let i = 0; i < 3; i++) shared.push([hub, 'hashtag', `coded-${randomInt(random, 8)}`])
    shared.push([hub, 'media', `picture-${randomInt(random, Math.ceil(size.hubs / 3))}`])
  }
  const backupNames = backups.map((backup, i): [number, number] => [hubs[i % hubs.length]!, backup])
  const backupOf = new Map(backupNames)
  for (let i = 0; i < size.audience; i++) {
    const account = anyone()
    for (const hub of sample(random, hubs, 2 + randomInt(random, 5))) {
      follows.push([account, hub])
      const backup = backupOf.get(hub)
      if (backup !== undefined && random() < 0.25) follows.push([account, backup])
    }
  }
  for (const [hub, backup] of backupNames) {
    if (random() < 0.5) follows.push([backup, hub])
    shared.push([backup, 'media', `picture-${randomInt(random, Math.ceil(size.hubs / 3))}`])
    for (let i = randomInt(random, 6); i > 0; i--) follows.push([backup, anyone()])
  }
  for (let i = 0; i < size.hubs * 4; i++) shared.push([anyone(), 'hashtag', `coded-${randomInt(random, 8)}`])
  for (let i = 0; i < size.hubs; i++) shared.push([anyone(), 'media', `picture-${randomInt(random, 40)}`])
  return { hubs, backups, follows, shared, backupNames, accounts: accounts + size.hubs + size.backups }
}
