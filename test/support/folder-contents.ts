import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Every file below a folder with its mode and a hash of its content: what must be the same after a refusal. */
export function readFolderContents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(folder, name)
      const stats = lstatSync(file)
      const content = stats.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'folder'
      return [name, `${(stats.mode & 0o777).toString(8)} ${content}`]
    })
  )
}
