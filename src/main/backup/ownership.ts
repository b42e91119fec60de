import { chownSync, existsSync, statSync } from 'node:fs'

/** What the superuser makes in a service's folder must not shut the service out of it. */
export function giveToOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0 || !existsSync(file)) return
  const { uid, gid } = statSync(folder)
  if (uid !== 0) chownSync(file, uid, gid)
}
