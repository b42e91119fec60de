import { rmSync } from 'node:fs'
import path from 'node:path'
import { lockAlone, type Lock } from '../store/sqlite/folder-lock.ts'
import type { Random } from '../system/clock.ts'

/**
 * Tells of a sheet whether the program that holds its codes still runs: by a lock that the operating system takes back when a
 * program is killed. A time that was noted would be wrong when a machine slept, a process id when it is used again.
 */
export interface SheetOwner {
  /** The name of this program, from the first time that it is asked for. */
  name(): string
  /** The same, or null when it never was. */
  held(): string | null
  isGone(owner: string): boolean
  release(): void
}

export function createSheetOwner(folder: string, random: Random): SheetOwner {
  const fileOf = (owner: string) => path.join(folder, `sheet-${owner}.lock`)
  let own: { name: string; lock: Lock } | null = null
  return {
    name() {
      if (own) return own.name
      const name = random.bytes(8).toString('hex')
      const lock = lockAlone(fileOf(name))
      if (!lock) throw new Error('another program holds a lock that was just made')
      own = { name, lock }
      return name
    },
    held: () => own?.name ?? null,
    isGone(owner) {
      if (owner === own?.name) return false
      const lock = lockAlone(fileOf(owner))
      if (!lock) return false
      lock.release()
      rmSync(fileOf(owner), { force: true })
      return true
    },
    release() {
      own?.lock.release()
      if (own) rmSync(fileOf(own.name), { force: true })
      own = null
    }
  }
}
