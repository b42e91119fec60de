import { statfs } from 'node:fs/promises'

/** What stays free of the disk for the work itself: below it, what only strangers cause is not written. */
export interface DiskReserve {
  isLow(): Promise<boolean>
  /** What is free, or null where the system does not say. */
  freeBytes(): Promise<number | null>
}

export const reserveBytes = 64 * 1024 * 1024

/** The disk is asked no more often than this, however many attempts come. */
const askedAgainMs = 5_000

export function createDiskReserve(
  folder: string,
  { bytes = reserveBytes, monotonicMs = () => performance.now() } = {}
): DiskReserve {
  let askedAtMs = Number.NEGATIVE_INFINITY
  let free: Promise<number | null> = Promise.resolve(null)
  const freeBytes = () => {
    const nowMs = monotonicMs()
    if (nowMs - askedAtMs >= askedAgainMs) {
      askedAtMs = nowMs
      free = statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => null
      )
    }
    return free
  }
  return {
    freeBytes,
    async isLow() {
      const known = await freeBytes()
      return known !== null && known < bytes
    }
  }
}
