/** Writes src/schema.generated.ts from the migrations: `npx --no-install node platform/ledger/scripts/generate-schema.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../src/migrations/migrate.ts'
import { schemaTypes } from '../src/schema-types.ts'
import { openEmbedded } from '../src/store/embedded/client.ts'

const store = await openEmbedded('memory')
await migrate(store)
writeFileSync(join(import.meta.dirname, '../src/schema.generated.ts'), await schemaTypes(store))
await store.close()
