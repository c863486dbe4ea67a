import type { Random } from '@firebreak/kernel'
import { pick, pickDistinct, poisson } from '../distributions.ts'
import { type EdgeList, FOLLOW, relationCode } from '../edge-list.ts'
import { meetingTime, type People } from '../population/people.ts'
import type { Cast } from './cast.ts'

const MENTION = relationCode('mention')
const BACKUP = relationCode('backup')
const CONTACT = relationCode('contact')
const BLOCK = relationCode('block')

/** Ties among hubs, backups, bridges and victims. Direct ties are sparse on purpose: most of the network shows only in what its members share. */
export function tieMembers(people: People, cast: Cast, edges: EdgeList, random: Random): void {
  const act = (from: number, to: number, relation: number) => {
    if (from !== to) edges.add(from, to, relation, meetingTime(people, from, to, random))
  }
  for (const hub of cast.hubs) {
    const cell = cast.cells[cast.cellOf.get(hub)!]!
    for (const other of pickDistinct(random, cell, poisson(random, 2.2))) {
      act(hub, other, FOLLOW)
      if (random() < 0.4) act(other, hub, FOLLOW)
    }
    for (const other of pickDistinct(random, cast.hubs, poisson(random, 0.7))) act(hub, other, FOLLOW)
    for (const other of pickDistinct(random, cell, poisson(random, 0.6))) act(hub, other, MENTION)
    for (const bridge of pickDistinct(random, cast.bridges, poisson(random, 0.4))) act(hub, bridge, FOLLOW)
  }
  tieBackups(cast, act, random)
  tieBridges(cast, act, random)
  tieVictims(cast, act, random)
}

type Act = (from: number, to: number, relation: number) => void

function tieBackups(cast: Cast, act: Act, random: Random): void {
  for (const [hub, backup] of cast.backupOf) {
    const cell = cast.cells[cast.cellOf.get(hub)!]!
    act(hub, backup, BACKUP)
    if (random() < 0.4) act(backup, hub, BACKUP)
    if (random() < 0.5) act(hub, backup, FOLLOW)
    if (random() < 0.35) act(backup, hub, FOLLOW)
    if (random() < 0.2) act(pick(random, cell), backup, MENTION)
    for (const other of pickDistinct(random, cell, poisson(random, 1.6))) act(backup, other, FOLLOW)
    for (const other of pickDistinct(random, cell, poisson(random, 0.7))) act(other, backup, FOLLOW)
  }
}

/** Bridges follow and mention hubs of several cells; few hubs follow them back, and they offer nothing themselves. */
function tieBridges(cast: Cast, act: Act, random: Random): void {
  for (const bridge of cast.bridges) {
    for (const cell of pickDistinct(random, cast.cells, 2 + poisson(random, 0.6))) {
      for (const hub of pickDistinct(random, cell, 2 + poisson(random, 2))) {
        act(bridge, hub, FOLLOW)
        if (random() < 0.3) act(bridge, hub, MENTION)
        if (random() < 0.12) act(hub, bridge, FOLLOW)
      }
    }
  }
}

/** Coerced accounts are acted on by the network: contacted, followed, mentioned; some follow a hub, many block one in the end. */
function tieVictims(cast: Cast, act: Act, random: Random): void {
  for (const victim of cast.victims) {
    const cell = pick(random, cast.cells)
    for (const hub of pickDistinct(random, cell, 2 + poisson(random, 1.5))) {
      act(hub, victim, CONTACT)
      if (random() < 0.6) act(hub, victim, FOLLOW)
      if (random() < 0.5) act(hub, victim, MENTION)
      if (random() < 0.4) act(victim, hub, FOLLOW)
      if (random() < 0.35) act(victim, hub, BLOCK)
    }
  }
}
