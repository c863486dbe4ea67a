import type { Store } from './store/store.ts'

interface Column {
  readonly table_name: string
  readonly column_name: string
  readonly udt_name: string
  readonly is_nullable: 'YES' | 'NO'
  readonly has_default: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  text: 'string',
  bool: 'boolean',
  bytea: 'Uint8Array',
  timestamptz: 'Time',
  _text: 'string[]',
}

const TIMES = `type Time = ColumnType<Date, Date | string, Date | string>
type MaybeTime = ColumnType<Date | null, Date | string | null, Date | string | null>
`

/** The row types of every table, as TypeScript, read from a migrated store's catalogue. */
export async function schemaTypes(store: Store): Promise<string> {
  const { rows } = await store.query<Column>(
    `select table_name, column_name, udt_name, is_nullable, (column_default is not null or is_identity = 'YES') as has_default
     from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`,
  )
  const tables = Map.groupBy(rows, (column) => column.table_name)
  const interfaces = [...tables].map(
    ([table, columns]) => `export interface ${rowName(table)} {\n${columns.map(columnLine).join('\n')}\n}\n`,
  )
  const database = `export interface Database {\n${[...tables.keys()].map((t) => `  ${t}: ${rowName(t)}`).join('\n')}\n}\n`
  return `// Generated from the migrations by scripts/generate-schema.ts; a test fails when stale.\nimport type { ColumnType, Generated } from 'kysely'\n\n${TIMES}\n${interfaces.join('\n')}\n${database}`
}

function columnLine({ table_name, column_name, udt_name, is_nullable, has_default }: Column): string {
  const base = TYPES[udt_name]
  if (base === undefined) throw new Error(`${table_name}.${column_name}: no TypeScript type for ${udt_name} yet`)
  const nullable = is_nullable === 'NO' ? base : base === 'Time' ? 'MaybeTime' : `${base} | null`
  return `  ${column_name}: ${has_default ? `Generated<${nullable}>` : nullable}`
}

function rowName(table: string): string {
  return `${table.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Row`
}
