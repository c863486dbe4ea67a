import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hand } from '@firebreak/enforcement'
import type { Role } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { secretsFrom } from '../src/access/secrets.ts'
import { type App, type AppOptions, buildApp } from '../src/http/app.ts'
import type { Instance } from '../src/instance/instance.ts'
import { instanceOver } from '../src/instance/open-instance.ts'
import { PROCESS_ROLES, type ProcessRole } from '../src/instance/process-role.ts'
import { settingsFrom } from '../src/instance/settings.ts'
import { ownRunner } from '../src/probes/own-runner.ts'

export type Answer = Awaited<ReturnType<App['inject']>>

/** One server over a ledger in memory, with a clock that tests set. */
export interface Scene {
  now: number
  readonly app: App
  readonly instance: Instance
  readonly faults: unknown[]
  /** A session cookie of a new user with these roles. */
  signedIn(...roles: Role[]): Promise<Record<string, string>>
  /** The header of a new API key with these scopes. */
  key(...scopes: string[]): Promise<Record<string, string>>
  close(): Promise<void>
}

export interface SceneOptions {
  readonly own?: Instance['own']
  readonly demo?: boolean
  readonly console?: AppOptions['console']
  readonly base?: '' | '/own'
  /** Whether background work runs; without it only what a test asks for changes anything. */
  readonly working?: boolean
  /** What acts on the platform. */
  readonly hand?: Hand
}

const SYSTEM = { kind: 'system', id: 'test' } as const

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-server-'))
  const clock = () => scene.now
  const scene: { now: number } = { now: TEST_TIME }
  const faults: unknown[] = []
  const secrets = secretsFrom(new Uint8Array(32).fill(1))
  const ledger = await openTestLedger({ clock })
  const store = { ledger, secrets, edge: { key: secrets.identifiers, clock }, close: () => ledger.close() }
  const instance = await instanceOver(store, {
    dir,
    clock,
    demo: options.demo ?? false,
    own: options.own ?? null,
    runner: ownRunner,
    ...(options.hand ? { hand: options.hand } : {}),
    roles: new Set<ProcessRole>(options.working ? PROCESS_ROLES : ['api', 'guard']),
    // No decision is drawn for a second look: its job would come between those a test asks for.
    random: () => 0.5,
    settings: settingsFrom({ FIREBREAK_APPEAL_ADDRESS: 'http://localhost/appeal' }),
    onFault: (error) => faults.push(error),
  })
  const app = await buildApp({
    mounts: [{ base: options.base ?? '', instance: async () => instance }],
    version: '0.0.0-test',
    console: options.console ?? null,
    onFault: (error) => faults.push(error),
  })
  let users = 0
  return Object.assign(scene, {
    app,
    instance,
    faults,
    signedIn: async (...roles: Role[]) => {
      const user = await ledger.users.create({ name: `user ${++users}`, roles }, SYSTEM)
      const token = await ledger.sessions.create(user.id, { ttlMs: 3_600_000 })
      return { cookie: `${instance.access.cookieName}=${token}` }
    },
    key: async (...scopes: string[]) => {
      const { token } = await ledger.apiKeys.create({ name: 'test', scopes }, SYSTEM)
      return { authorization: `Bearer ${token}` }
    },
    close: async () => {
      await app.close()
      await instance.close()
      rmSync(dir, { recursive: true, force: true })
    },
  })
}

/** An event as a platform sends it; `at` is an hour before the scene begins. */
export function follow(id: string, from: string, to: string, rest: Record<string, unknown> = {}): object {
  return {
    id,
    type: 'follow',
    at: new Date(TEST_TIME - 3_600_000).toISOString(),
    actor: { type: 'account', id: from },
    subject: { type: 'account', id: to },
    ...rest,
  }
}
