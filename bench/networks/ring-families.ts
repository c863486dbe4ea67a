import { randomInt, sample } from '@firebreak/kernel'
import { logNormal } from './backgrounds.ts'
import {
  camouflage,
  follow,
  followWithin,
  type Ground,
  logUniform,
  shareItems,
  sparseIdentifiers,
} from './ring-parts.ts'

export function layFresh(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const density = logUniform(random, 0.05, 0.3)
  followWithin(ground, members, density)
  const inside = density * members.length
  camouflage(ground, members, inside * logUniform(random, 0.5, 3), inside * logUniform(random, 0.3, 2))
  if (!fused) return
  shareItems(ground, members, 'hashtag', logUniform(random, 0.05, 0.2), logUniform(random, 0.1, 0.8))
  if (random() < 0.5) sparseIdentifiers(ground, members, logUniform(random, 0.1, 0.5))
}

export function layExisting(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const cells = Math.max(1, Math.round(members.length / (15 + randomInt(random, 25))))
  const hubs = members.filter(() => random() < 0.12)
  const density = logUniform(random, 0.12, 0.45)
  for (let c = 0; c < cells; c++) {
    const cell = members.filter((_, i) => i % cells === c)
    followWithin(ground, cell, density)
  }
  for (const m of members) for (const h of hubs) if (random() < density * 0.5) follow(ground, m, h)
  camouflage(ground, members, 2 * random(), 3 * random())
  if (!fused) return
  shareItems(ground, members, 'link', logUniform(random, 0.02, 0.1), logUniform(random, 0.5, 2))
  if (random() < 0.5) sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}

/** Sellers hardly follow each other: bridges and backups of backups hold the ring together, the same regulars follow many. */
export function layShops(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const sellers = members.filter((_, i) => i % 3 === 0)
  const bridges = members.filter((_, i) => i % 12 === 1)
  members.forEach((m, i) => {
    const seller = members[i - (i % 3)] as number
    if (m !== seller) {
      ground.edges.push({ source: m, target: seller, relation: fused ? 'backup' : 'follow' })
      if (random() < 0.7) follow(ground, seller, m)
    }
    for (const b of bridges) if (random() < 0.5) follow(ground, b, m)
  })
  followWithin(ground, sellers, logUniform(random, 0.06, 0.2))
  const regulars = Array.from({ length: members.length }, () => ground.anyone(random))
  for (const r of regulars) for (const s of sample(random, sellers, 1 + randomInt(random, 4))) follow(ground, r, s)
  camouflage(ground, members, logUniform(random, 1, 8), logUniform(random, 1, 12))
  if (fused) shareItems(ground, members, 'link', logUniform(random, 0.04, 0.15), logUniform(random, 0.1, 1))
}

export function layLockstep(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  // Without items the lockstep shows as the same targets followed by all members.
  const targets = Array.from({ length: 8 + randomInt(random, 12) }, () => ground.popular(random))
  for (const m of members) for (const t of targets) if (random() < 0.4) follow(ground, m, t)
  followWithin(ground, members, fused ? logUniform(random, 0.02, 0.08) : logUniform(random, 0.06, 0.2))
  camouflage(ground, members, logUniform(random, 2, 10), logUniform(random, 1, 6))
  if (!fused) return
  shareItems(ground, members, 'media', logUniform(random, 0.1, 0.4), logUniform(random, 0.1, 1))
  sparseIdentifiers(ground, members, logUniform(random, 0.1, 0.4))
}

/** Cells of sellers with backups; members hardly know other cells, but the same crowd follows sellers of several. */
export function layMarket(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const cellSize = 8 + randomInt(random, 16)
  const sellers = members.filter((_, i) => i % 5 < 3)
  const backups = members.filter((_, i) => i % 5 >= 3)
  const cellOf = new Map(members.map((m, i) => [m, Math.floor(i / cellSize)]))
  const mates = (m: number): number[] => sellers.filter((s) => cellOf.get(s) === cellOf.get(m))
  for (const s of sellers) {
    for (const other of sample(random, mates(s), 1 + randomInt(random, 4))) follow(ground, s, other)
    if (random() < 0.3) follow(ground, s, sellers[randomInt(random, sellers.length)] as number)
  }
  for (const b of backups) {
    const owner = mates(b)[0] ?? (sellers[randomInt(random, sellers.length)] as number)
    ground.edges.push({ source: b, target: owner, relation: fused ? 'backup' : 'follow' })
    if (random() < 0.6) ground.edges.push({ source: owner, target: b, relation: fused ? 'backup' : 'follow' })
    for (const other of sample(random, sellers, randomInt(random, 3))) follow(ground, b, other)
  }
  const reach = logUniform(random, 1.5, 5)
  const crowd = Math.min(ground.accounts * 0.15, Math.round(members.length * logUniform(random, 3, 10)))
  for (let i = 0; i < crowd; i++) {
    const viewer = ground.anyone(random)
    const known = sample(random, members, 1 + Math.floor(logNormal(random, reach, 0.7)))
    for (const m of known) follow(ground, viewer, m)
  }
  camouflage(ground, members, logUniform(random, 1, 6), 1)
  if (!fused) return
  shareItems(ground, members, 'link', logUniform(random, 0.01, 0.05), logUniform(random, 0.3, 2))
  sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}
