import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createTestFolder } from './console.ts'

export const smallDiskNeed = 'only the superuser can mount a small disk'

/** A file system of so many KiB; null where this account may not mount one. */
export function mountSmall(kibibytes: number): string | null {
  const folder = path.join(createTestFolder(), 'small')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=700`, 'tmpfs', folder])
  if (mounted.status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

/** Gives a small disk another size. */
export function resizeSmall(folder: string, kibibytes: number): void {
  spawnSync('mount', ['-o', `remount,size=${kibibytes}k`, folder])
}
