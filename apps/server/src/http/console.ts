import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import type { FastifyInstance } from 'fastify'
import type { Mount } from './gate.ts'

export interface ConsoleFile {
  readonly type: string
  readonly body: Buffer
}

/** The built console in memory, by path below its root: nothing outside of it can be asked for. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** Reads a build folder. Throws `input/file-missing` when it holds no index.html. */
export async function readConsole(dir: string): Promise<ConsoleFiles> {
  const files = new Map<string, ConsoleFile>()
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(dir.length).split(sep).filter(Boolean).join('/')
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    files.set(name, { type, body: await readFile(path) })
  }
  if (!files.has('index.html')) throw new FirebreakError('input/file-missing', [join(dir, 'index.html')])
  return files
}

/** Serves the console to whoever is signed in. Names with a hash in them never change; the page itself is asked for anew. */
export async function serveConsole(app: FastifyInstance, files: ConsoleFiles, { base }: Mount): Promise<void> {
  const needs = { config: { needs: 'signed-in' as const }, schema: { hide: true } }
  if (base !== '') app.get('', needs, (_request, reply) => reply.redirect(`${base}/`, 308))
  app.get('/', { ...needs, prefixTrailingSlash: 'slash' }, (_request, reply) => {
    const page = files.get('index.html')!
    return reply.type(page.type).header('cache-control', 'no-cache').send(page.body)
  })
  app.get<{ Params: { '*': string } }>('/*', needs, (request, reply) => {
    const file = files.get(request.params['*'])
    if (!file) throw new FirebreakError('http/not-found', ['such address'])
    const hashed = /-[\w-]{8,}\.\w+$/.test(request.params['*'])
    return reply
      .type(file.type)
      .header('cache-control', hashed ? 'private, max-age=31536000, immutable' : 'no-cache')
      .send(file.body)
  })
}
