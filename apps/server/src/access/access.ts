import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Clock, FirebreakError, HOUR, MINUTE } from '@firebreak/kernel'
import type { Ledger, Principal, Role, User } from '@firebreak/ledger'
import type { Caller } from './caller.ts'
import { CallerCache } from './caller-cache.ts'
import { codeStep, codeUri, newCodeSecret } from './codes.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { isPermission, PERMISSIONS, permissionsOf, ROLES } from './permissions.ts'
import type { Secrets } from './secrets.ts'
import { Throttle } from './throttle.ts'

const SYSTEM: Principal = { kind: 'system', id: 'server' }
export const LINK_LIFE = 15 * MINUTE
export const SESSION_LIFE = 12 * HOUR
export const COOKIE_PREFIX = 'firebreak-'
const LOCAL_OPERATOR = 'operator'
const PROCESS_PREFIX = 'fbp_'

interface CodeState {
  readonly sealed: string
  readonly confirmed: boolean
  /** The last time step a code was accepted for: no code opens twice. */
  readonly lastStep: number
}

/** Who may come in: one-time links, sessions, passwords with codes, API keys, and the key of the running process. */
export class Access {
  readonly #ledger: Ledger
  readonly #secrets: Secrets
  readonly #clock: Clock
  readonly #throttle: Throttle
  readonly #callers: CallerCache
  /** For the command line on this machine: in server.json while the process runs, in no store. */
  readonly processToken = `${PROCESS_PREFIX}${randomBytes(32).toString('base64url')}`

  constructor(ledger: Ledger, secrets: Secrets, clock: Clock) {
    this.#ledger = ledger
    this.#secrets = secrets
    this.#clock = clock
    this.#throttle = new Throttle(clock)
    this.#callers = new CallerCache(clock)
  }

  get cookieName(): string {
    return COOKIE_PREFIX + this.#secrets.name
  }

  /** A link token for the operator of this machine; usable once, for a quarter of an hour. */
  async signInToken(): Promise<string> {
    const known = await this.#ledger.users.byName(LOCAL_OPERATOR)
    const user = known ?? (await this.#ledger.users.create({ name: LOCAL_OPERATOR, roles: ROLES }, SYSTEM))
    return this.#ledger.sessions.create(user.id, { ttlMs: LINK_LIFE, once: true })
  }

  /** Exchanges a link token for a session token. Throws `access/link` when it was used or has expired. */
  async redeem(token: string): Promise<string> {
    const user = await this.#ledger.sessions.redeem(token)
    if (!user || user.disabledAt) throw new FirebreakError('access/link')
    return this.#openSession(user, 'link')
  }

  /** Password and code for a session token. Every failure looks the same and takes as long. */
  async signIn(name: string, password: string, code: string): Promise<string> {
    this.#throttle.check(name)
    const user = await this.#ledger.users.byName(name)
    const right = await passwordMatches(user?.passwordHash ?? null, password)
    if (!user || user.disabledAt || !right || !(await this.#codeMatches(user.id, code))) {
      this.#throttle.failed(name)
      await this.#ledger.record('sign-in.refused', { user: user?.id ?? null }, SYSTEM)
      throw new FirebreakError('access/refused')
    }
    this.#throttle.succeeded(name)
    return this.#openSession(user, 'password')
  }

  async signOut(token: string): Promise<void> {
    await this.#ledger.sessions.end(token)
    this.#callers.forget()
  }

  /** Revokes an API key; it opens nothing from here on. False when there is no such live key. */
  async revokeKey(id: string, by: Principal): Promise<boolean> {
    const revoked = await this.#ledger.apiKeys.revoke(id, by)
    this.#callers.forget()
    return revoked
  }

  async callerOfSession(token: string): Promise<Caller | null> {
    return this.#callers.get(token, () => this.#findSession(token))
  }

  async callerOfKey(token: string): Promise<Caller | null> {
    if (token.startsWith(PROCESS_PREFIX)) return sameText(token, this.processToken) ? this.processCaller() : null
    return this.#callers.get(token, () => this.#findKey(token))
  }

  async #findSession(token: string): Promise<Caller | null> {
    const user = await this.#ledger.sessions.verify(token)
    if (!user || user.disabledAt) return null
    return {
      principal: { kind: 'user', id: user.id },
      name: user.name,
      roles: user.roles,
      permissions: permissionsOf(user.roles),
      byCookie: true,
    }
  }

  async #findKey(token: string): Promise<Caller | null> {
    const key = await this.#ledger.apiKeys.verify(token)
    if (!key) return null
    return {
      principal: { kind: 'api-key', id: key.id },
      name: key.name,
      roles: [],
      permissions: new Set(key.scopes.filter(isPermission)),
      byCookie: false,
    }
  }

  /** The command line of whoever can read this data directory. */
  processCaller(): Caller {
    const principal: Principal = { kind: 'system', id: 'command-line' }
    return { principal, name: 'command line', roles: ROLES, permissions: new Set(PERMISSIONS), byCookie: false }
  }

  /** A user with password; the authenticator secret is shown once and counts after its first code. */
  async createUser(
    given: { name: string; password: string; roles: readonly Role[] },
    by: Principal,
  ): Promise<{ user: User; codeSecret: string; codeUri: string }> {
    const passwordHash = await hashPassword(given.password)
    const user = await this.#ledger.users.create({ name: given.name, roles: given.roles, passwordHash }, by)
    const codeSecret = newCodeSecret()
    await this.#putCode(user.id, { sealed: this.#secrets.seal(codeSecret), confirmed: false, lastStep: 0 })
    return { user, codeSecret, codeUri: codeUri(codeSecret, given.name) }
  }

  /** Shows that the user's authenticator works. Throws `access/refused` when the code is wrong. */
  async confirmCode(userId: string, code: string): Promise<void> {
    this.#throttle.check(userId)
    if (await this.#codeMatches(userId, code, true)) return
    this.#throttle.failed(userId)
    throw new FirebreakError('access/refused')
  }

  /** Whether anybody else than this machine may be let near: an administrator with password and a working code. */
  async hasSecuredAdmin(): Promise<boolean> {
    for (const user of await this.#ledger.users.list()) {
      if (user.disabledAt || !user.roles.includes('admin')) continue
      const withHash = await this.#ledger.users.byName(user.name)
      if (withHash?.passwordHash && (await this.#code(user.id))?.confirmed) return true
    }
    return false
  }

  async #openSession(user: User, how: 'link' | 'password'): Promise<string> {
    const token = await this.#ledger.sessions.create(user.id, { ttlMs: SESSION_LIFE })
    await this.#ledger.record('sign-in', { user: user.id, how }, { kind: 'user', id: user.id })
    return token
  }

  async #codeMatches(userId: string, code: string, confirming = false): Promise<boolean> {
    const state = await this.#code(userId)
    if (!state || (!state.confirmed && !confirming)) return false
    const step = codeStep(this.#secrets.unseal(state.sealed), code, this.#clock())
    if (step === null || step <= state.lastStep) return false
    return this.#putCode(userId, { ...state, confirmed: true, lastStep: step }, state.version)
  }

  async #code(userId: string): Promise<(CodeState & { version: number }) | null> {
    const stored = await this.#ledger.documents.get<CodeState>('sign-in-code', userId)
    return stored && { ...stored.body, version: stored.version }
  }

  /** False when somebody else used the same code in the same moment. */
  async #putCode(userId: string, { sealed, confirmed, lastStep }: CodeState, ifVersion?: number): Promise<boolean> {
    const body: CodeState = { sealed, confirmed, lastStep }
    const options = ifVersion === undefined ? {} : { ifVersion }
    return (await this.#ledger.documents.put('sign-in-code', userId, body, SYSTEM, options)) !== null
  }
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
