import { hostname } from 'node:os'
import type { Random } from '../clock.ts'

/** The name under which a program holds the lease: it tells others on this machine whether the program still runs. */
export function createHolder(random: Random): string {
  return `${process.pid}@${hostname()}/${random.bytes(12).toString('hex')}`
}

/**
 * Whether the program that held the lease is known to be gone, so that nobody has to wait for the lease to end. One of another
 * machine, or of another container, is never known to be.
 */
export function isHolderGone(holder: string): boolean {
  const [, pid, host] = /^(\d+)@(.*)\/[0-9a-f]+$/s.exec(holder) ?? []
  if (pid === undefined || host !== hostname()) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
