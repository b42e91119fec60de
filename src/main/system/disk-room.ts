import { statfsSync } from 'node:fs'

/** A transaction that grows the database and its log needs so much at most. */
const minFreeBytes = 128 * 1024

/** Room for a transaction. Of what a disk keeps back for the superuser the superuser has the use. */
export function hasRoom(folder: string): boolean {
  try {
    const { bavail, bfree, bsize } = statfsSync(folder)
    return (process.getuid?.() === 0 ? bfree : bavail) * bsize >= minFreeBytes
  } catch {
    // A folder that cannot be looked at has another fault, which whoever uses it names.
    return true
  }
}
