import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The files that paths name: a folder stands for every file below it, in order of names; what is not there stays as it is. */
export async function filesIn(paths: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => null)
    if (!found?.isDirectory()) files.push(path)
    else files.push(...(await below(path)))
  }
  return files
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
