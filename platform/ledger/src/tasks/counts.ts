import type { Sql } from '../store/store.ts'
import type { DeadTask, TaskCounts } from '../types.ts'
import { DEAD_LETTERS } from './boss.ts'

/** Whether tasks were ever used on this store: asking must not make their tables. */
export async function tasksExist(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ there: boolean }>(`select to_regclass('pgboss.job') is not null as there`)
  return rows[0]!.there
}

export async function countTasks(sql: Sql): Promise<TaskCounts[]> {
  const { rows } = await sql.query<TaskCounts>(
    `select q.name,
       count(*) filter (where j.name = q.name and j.state in ('created', 'retry')) as waiting,
       count(*) filter (where j.name = q.name and j.state = 'active') as active,
       count(*) filter (where j.name = q.name and j.state = 'retry') as retrying,
       count(*) filter (where j.name = q.name and j.state = 'completed') as completed,
       count(*) filter (where j.name = $1 and j.state <> 'completed') as "deadLettered"
     from pgboss.queue q left join pgboss.job j on j.name = q.name or (j.name = $1 and j.source_name = q.name)
     where q.name <> $1 and q.name not like '\\_\\_pgboss%' group by q.name order by q.name`,
    [DEAD_LETTERS],
  )
  return rows
}

export async function deadTasks(
  sql: Sql,
  { name, limit = 100 }: { name?: string; limit?: number },
): Promise<DeadTask[]> {
  const { rows } = await sql.query<{ id: string; name: string; data: string | null; at: Date; why: string | null }>(
    `select id::text as id, source_name as name, data::text as data, created_on as at,
       coalesce(source_output->>'message', output->>'message', source_output::text, '') as why
     from pgboss.job where name = $1 and state <> 'completed' and ($2::text is null or source_name = $2)
     order by created_on desc, id limit $3`,
    [DEAD_LETTERS, name ?? null, limit],
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    data: row.data === null ? {} : (JSON.parse(row.data) as DeadTask['data']),
    failedAt: row.at.toISOString(),
    error: row.why ?? '',
  }))
}
