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

/**
 * Rings put together by chance: cells of any shape, joined by bridges, common targets or a common audience, with any
 * items. No two are of one kind, so that nothing about a kind can be learned by heart.
 */
export function layMixed(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const cells = cellsOf(members, Math.max(1, Math.round(members.length / logUniform(random, 6, 120))))
  const shape = SHAPES[randomInt(random, SHAPES.length)] as Shape
  const density = logUniform(random, 0.08, 0.5)
  for (const cell of cells) shape(ground, cell, density)
  if (cells.length > 1 || random() < 0.5) JOINS[randomInt(random, JOINS.length)]?.(ground, members, cells)
  if (random() < 0.3) nameBackups(ground, members, fused)
  const out = logUniform(random, 0.5, 10)
  camouflage(ground, members, out, out * logUniform(random, 0.3, 2))
  if (!fused) return
  for (const relation of ['hashtag', 'link', 'media'])
    if (random() < 0.5) shareItems(ground, members, relation, logUniform(random, 0.01, 0.2), logUniform(random, 0.1, 2))
  if (random() < 0.5) sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.4))
}

type Shape = (ground: Ground, cell: readonly number[], density: number) => void

const SHAPES: readonly Shape[] = [followWithin, star, chain, twoSides]

/** A few leaders whom the others follow, some followed back. */
function star(ground: Ground, cell: readonly number[], density: number): void {
  const { random } = ground
  const leaders = cell.slice(0, 1 + randomInt(random, 1 + Math.ceil(cell.length / 12)))
  for (const m of cell)
    for (const leader of sample(random, leaders, 1 + randomInt(random, leaders.length))) {
      follow(ground, m, leader)
      if (random() < 0.4) follow(ground, leader, m)
    }
  followWithin(ground, cell, density / 4)
}

/** Everybody knows the next few, as people who came one after the other do. */
function chain(ground: Ground, cell: readonly number[], density: number): void {
  const { random } = ground
  const reach = Math.max(2, Math.round(density * cell.length * 0.5))
  cell.forEach((m, i) => {
    for (let step = 1; step <= reach; step++)
      if (random() < 0.7) follow(ground, m, cell[(i + step) % cell.length] as number)
  })
}

/** Sellers and buyers: follows go across, hardly among the sellers. */
function twoSides(ground: Ground, cell: readonly number[], density: number): void {
  const { random } = ground
  const sellers = cell.slice(0, Math.ceil(cell.length / 3))
  for (const buyer of cell.slice(sellers.length)) {
    let followed = 0
    for (const seller of sellers) {
      if (random() >= density && followed > 0) continue
      follow(ground, buyer, seller)
      if (random() < 0.4) follow(ground, seller, buyer)
      followed++
    }
  }
}

type Join = (ground: Ground, members: readonly number[], cells: readonly number[][]) => void

const JOINS: readonly Join[] = [bridges, commonTargets, commonAudience]

function bridges(ground: Ground, members: readonly number[], cells: readonly number[][]): void {
  const { random } = ground
  for (const cell of cells)
    for (const bridge of cell.slice(0, 1 + Math.floor(cell.length / 8)))
      for (let e = 0; e < 3 + randomInt(random, 5); e++)
        follow(ground, bridge, members[randomInt(random, members.length)] as number)
}

function commonTargets(ground: Ground, members: readonly number[]): void {
  const { random } = ground
  const targets = Array.from({ length: 4 + randomInt(random, 16) }, () => ground.popular(random))
  for (const m of members) for (const t of targets) if (random() < 0.4) follow(ground, m, t)
}

function commonAudience(ground: Ground, members: readonly number[]): void {
  const { random } = ground
  const reach = logUniform(random, 1.5, 5)
  const crowd = Math.min(ground.accounts * 0.15, members.length * logUniform(random, 1, 8))
  for (let i = 0; i < crowd; i++) {
    const viewer = ground.anyone(random)
    for (const m of sample(random, members, 1 + Math.floor(logNormal(random, reach, 0.7)))) follow(ground, viewer, m)
  }
}

function nameBackups(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  for (let i = 0; i + 1 < members.length; i += 2 + randomInt(random, 3)) {
    const [main, backup] = [members[i] as number, members[i + 1] as number]
    ground.edges.push({ source: backup, target: main, relation: fused ? 'backup' : 'follow' })
    if (random() < 0.6) follow(ground, main, backup)
  }
}

function cellsOf(members: readonly number[], count: number): number[][] {
  return Array.from({ length: count }, (_, c) => members.filter((_, i) => i % count === c))
}

/**
 * A market of hundreds: the known sellers share one large audience, the lesser ones live on a part of it; direct ties
 * only within small cells. Nobody knows more than a few of the others.
 */
export function layBazaar(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const sellers = members.filter((_, i) => i % 8 < 5)
  const backups = members.filter((_, i) => i % 8 >= 5)
  const cells = cellsOf(sellers, Math.max(2, Math.round(sellers.length / logUniform(random, 8, 40))))
  const close = logUniform(random, 0.8, 4)
  for (const cell of cells) {
    for (const s of cell)
      for (const other of sample(random, cell, Math.floor(logNormal(random, close, 0.5)))) follow(ground, s, other)
    if (fused) shareItems(ground, cell, 'link', logUniform(random, 0.03, 0.3), logUniform(random, 0.1, 1))
  }
  const known = sellers.slice(0, Math.round(sellers.length * logUniform(random, 0.15, 0.9)))
  const audience = attract(ground, sellers, known, cells)
  for (const s of sellers.slice(known.length))
    for (let e = logNormal(random, 10, 0.6); e > 0; e--)
      follow(ground, audience[randomInt(random, audience.length)] as number, s)
  hideBehind(ground, backups, sellers, cells, audience, fused)
  camouflage(ground, members, logUniform(random, 2, 8), 1)
  if (!fused) return
  shareItems(
    ground,
    sample(random, members, Math.round(members.length * 0.4)),
    'hashtag',
    0.01,
    logUniform(random, 0.5, 2),
  )
  sparseIdentifiers(ground, members, logUniform(random, 0.05, 0.3))
}

/** The common audience: each follows a known seller, others of its cell, and a few known anywhere. */
function attract(
  ground: Ground,
  sellers: readonly number[],
  known: readonly number[],
  cells: readonly (readonly number[])[],
): number[] {
  const { random } = ground
  const cellOf = new Map(cells.flatMap((cell) => cell.map((m) => [m, cell] as const)))
  const size = Math.min(ground.accounts * 0.3, Math.round(sellers.length * logUniform(random, 8, 60)))
  const appetite = logUniform(random, 1.6, 4)
  const loyal = 0.3 + 0.6 * random()
  return Array.from({ length: size }, () => {
    const viewer = ground.anyone(random)
    const first = known[Math.floor(known.length * random() ** 1.6)] as number
    follow(ground, viewer, first)
    const cell = cellOf.get(first) ?? known
    for (let e = logNormal(random, appetite, 0.8) - 1; e > 0; e--) {
      const from = random() < loyal ? cell : known
      follow(ground, viewer, from[randomInt(random, from.length)] as number)
    }
    return viewer
  })
}

/** Backups name their main account, follow a few of its cell, and some of the audience knows them already. */
function hideBehind(
  ground: Ground,
  backups: readonly number[],
  sellers: readonly number[],
  cells: readonly (readonly number[])[],
  audience: readonly number[],
  fused: boolean,
): void {
  const { random } = ground
  const relation = fused ? 'backup' : 'follow'
  const cellOf = new Map(cells.flatMap((cell) => cell.map((m) => [m, cell] as const)))
  backups.forEach((b, i) => {
    const main = sellers[i % sellers.length] as number
    ground.edges.push({ source: b, target: main, relation })
    if (random() < 0.6) ground.edges.push({ source: main, target: b, relation })
    for (const other of sample(random, cellOf.get(main) ?? [], randomInt(random, 4))) follow(ground, b, other)
    for (let e = logNormal(random, 4, 0.8); e > 0; e--)
      follow(ground, audience[randomInt(random, audience.length)] as number, b)
  })
}

/**
 * Never in any training: who joined brought others, so the ring is a tree with siblings, and invitations (links) are passed on
 * along branches.
 */
export function layRecruits(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const width = 2 + randomInt(random, 4)
  members.forEach((m, i) => {
    if (i === 0) return
    const recruiter = members[Math.floor((i - 1) / width)] as number
    follow(ground, m, recruiter)
    if (random() < 0.7) follow(ground, recruiter, m)
    const elder = members[Math.floor((Math.floor((i - 1) / width) - 1) / width)]
    if (elder !== undefined && random() < 0.6) follow(ground, m, elder)
    for (let s = 1; s < width; s++) if (i - s > 0 && random() < 0.5) follow(ground, m, members[i - s] as number)
    if (fused && random() < 0.5) ground.edges.push({ source: m, target: recruiter, relation: 'mention' })
  })
  camouflage(ground, members, 2 * random(), 3 * random())
  if (!fused) return
  const branch = Math.max(6, Math.round(members.length / (3 + randomInt(random, 4))))
  for (let from = 0; from < members.length; from += branch >> 1)
    shareItems(
      ground,
      members.slice(from, from + branch),
      'link',
      logUniform(random, 0.08, 0.3),
      logUniform(random, 0.3, 1.5),
    )
}

/** Never in any training: shifts that overlap in time share pictures and speak to each other; hardly anybody follows. */
export function layRelay(ground: Ground, members: readonly number[], fused: boolean): void {
  const { random } = ground
  const shift = Math.min(members.length, 8 + randomInt(random, 10))
  for (let from = 0; from < members.length; from += shift >> 1) {
    const crew = Array.from({ length: shift }, (_, i) => members[(from + i) % members.length] as number)
    for (const m of crew)
      for (const other of sample(random, crew, 2 + randomInt(random, 3))) {
        if (other === m) continue
        if (fused) ground.edges.push({ source: m, target: other, relation: random() < 0.5 ? 'mention' : 'comment' })
        else follow(ground, m, other)
      }
    if (fused) shareItems(ground, crew, 'media', logUniform(random, 0.15, 0.5), logUniform(random, 0.1, 1.5))
  }
  for (const m of members) if (random() < 0.5) follow(ground, m, members[randomInt(random, members.length)] as number)
  camouflage(ground, members, 2 * random(), 3 * random())
}
