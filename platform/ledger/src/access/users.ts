import { FirebreakError } from '@firebreak/kernel'
import { recordIn } from '../audit/record.ts'
import type { Store } from '../store/store.ts'
import { isUniqueViolation } from '../store/store-error.ts'
import type { Principal, Role, User, Users } from '../types.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'

export interface UserRow {
  readonly id: string
  readonly name: string
  readonly roles: string[]
  readonly created_at: Date
  readonly disabled_at: Date | null
}

export function fromUserRow(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    roles: row.roles as Role[],
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
  }
}

/** People who may sign in. Every change is an audit record in the same commit. */
export function usersOver(store: Store, writer: Writer): Users {
  const change = (
    id: string,
    kind: string,
    set: string,
    value: unknown,
    by: Principal,
    told: Record<string, unknown> = {},
  ) =>
    writer.write(async (context) => {
      const { affected } = await context.sql.query(`update app_user set ${set} where id = $1`, [id, value])
      if (affected === 0) throw unknownUser(id)
      await recordIn(context, kind, { user: id, ...told }, by)
    })
  return {
    create: (user, by) => writer.write((context) => createUser(context, user, by)),
    async byId(id) {
      const { rows } = await store.query<UserRow>('select * from app_user where id = $1', [id])
      return rows[0] === undefined ? null : fromUserRow(rows[0])
    },
    async byName(name) {
      const { rows } = await store.query<UserRow & { password_hash: string | null }>(
        'select * from app_user where name = $1',
        [name],
      )
      return rows[0] === undefined ? null : { ...fromUserRow(rows[0]), passwordHash: rows[0].password_hash }
    },
    async list() {
      const { rows } = await store.query<UserRow>('select * from app_user order by name')
      return rows.map(fromUserRow)
    },
    setPasswordHash: (id, hash, by) => change(id, 'user.password-changed', 'password_hash = $2', hash, by),
    setRoles: (id, roles, by) => change(id, 'user.roles-changed', 'roles = $2::text[]', roles, by, { roles }),
    disable: (id, by) =>
      writer.write(async (context) => {
        const at = new Date(context.now).toISOString()
        const disabled = 'update app_user set disabled_at = $2::timestamptz where id = $1'
        const { affected } = await context.sql.query(disabled, [id, at])
        if (affected === 0) throw unknownUser(id)
        await context.sql.query('delete from session where user_id = $1', [id])
        await recordIn(context, 'user.disabled', { user: id }, by)
      }),
  }
}

function unknownUser(id: string): FirebreakError {
  return new FirebreakError('input/invalid', [`There is no user ${id}.`])
}

async function createUser(
  context: WriteContext,
  { name, roles, passwordHash = null }: { name: string; roles: readonly Role[]; passwordHash?: string | null },
  by: Principal,
): Promise<User> {
  const id = `user-${Buffer.from(context.random.take(9)).toString('base64url')}`
  const at = new Date(context.now).toISOString()
  try {
    await context.sql.query(
      `insert into app_user (id, name, roles, password_hash, created_at) values ($1, $2, $3::text[], $4, $5::timestamptz)`,
      [id, name, roles, passwordHash, at],
    )
  } catch (error) {
    if (isUniqueViolation(error))
      throw new FirebreakError('input/invalid', [`The name ${name} is taken.`], { cause: error })
    throw error
  }
  await recordIn(context, 'user.created', { user: id, name, roles }, by)
  return { id, name, roles, createdAt: at, disabledAt: null }
}
