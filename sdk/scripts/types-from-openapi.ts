/**
 * TypeScript types of the routes that the client uses, out of the served OpenAPI 3.1 document. A test of the server
 * generates them anew and fails when src/api-types.ts is stale.
 */
interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

/** What of an OpenAPI document is read. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const JSON_TYPE = 'application/json'

/** The text of src/api-types.ts. */
export function typesFrom(document: Document): string {
  const verdicts = document.paths['/v1/verdicts']?.post
  const request = verdicts?.requestBody?.content[JSON_TYPE]?.schema
  const response = verdicts?.responses?.['200']?.content?.[JSON_TYPE]?.schema
  if (!request || !response) throw new Error('the document does not describe POST /v1/verdicts')
  return [
    '// Generated from the OpenAPI document of the server by scripts/types-from-openapi.ts; a test of the server fails when stale.',
    '',
    '/** Body of `POST /v1/verdicts`. */',
    `export type VerdictRequest = ${typeOf(request, '')}`,
    '',
    '/** Its answer: one verdict for each subject, in the order asked. */',
    `export type VerdictResponse = ${typeOf(response, '')}`,
    '',
    '/** One verdict. */',
    "export type Verdict = VerdictResponse['verdicts'][number]",
    '',
    '/** A place that asks. */',
    "export type Surface = VerdictRequest['surface']",
    '',
    '/** A thing in question. */',
    "export type Subject = VerdictRequest['subjects'][number]",
    '',
  ].join('\n')
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "'")
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value).replaceAll('"', "'")).join(' | ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.map((one) => typeOf(one, indent)).join(' | ')
  switch (schema.type) {
    case 'object':
      return objectType(schema, indent)
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, indent)})[]`
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    default:
      return 'unknown'
  }
}

function objectType({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?'
    return `${inner}readonly ${name}${optional}: ${typeOf(schema, inner)}`
  })
  return lines.length === 0 ? 'Readonly<Record<string, unknown>>' : `{\n${lines.join('\n')}\n${indent}}`
}
