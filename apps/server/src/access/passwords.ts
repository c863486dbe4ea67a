import { FirebreakError } from '@firebreak/kernel'
import { type Algorithm, hash, verify } from '@node-rs/argon2'

export const SHORTEST_PASSWORD = 12

/** RFC 9106, second recommended option, with less memory and more passes: about 60 ms on one core. */
const COST = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 3, parallelism: 1 } as const

/** An argon2id string with its own salt and cost. Throws `access/password` for one that is too short. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < SHORTEST_PASSWORD) throw new FirebreakError('access/password', [SHORTEST_PASSWORD])
  return hash(password.normalize('NFKC'), COST)
}

/** Takes as long for an account that does not exist (`stored` null) as for one that does. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  decoy ??= await hash('a password nobody has', COST)
  const matches = await verify(stored ?? decoy, password.normalize('NFKC').slice(0, 1_024))
  return stored !== null && matches
}

let decoy: string | undefined
