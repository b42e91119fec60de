import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** So many are asked at most: more than run over one folder. */
const maxAnnounced = 8

/**
 * Leaves word in the folder where this program serves its portal, for others over the same folder: the settings do not tell where
 * one is that was told otherwise. Returns what takes it back. One that was killed leaves its word; it is asked before it is believed.
 */
export function announcePortal(folder: string, url: string): () => void {
  const announced = path.join(folder, 'portals')
  const file = path.join(announced, String(process.pid))
  try {
    mkdirSync(announced, { recursive: true, mode: 0o700 })
    for (const name of namesIn(announced))
      if (!isAlive(Number(name))) rmSync(path.join(announced, name), { force: true })
    writeFileSync(file, url, { mode: 0o600 })
  } catch {
    // The portal serves all the same where there is no room for a word about it.
  }
  return () => rmSync(file, { force: true })
}

export function announcedPortals(folder: string): string[] {
  const announced = path.join(folder, 'portals')
  return namesIn(announced).flatMap((name) => {
    try {
      const url = readFileSync(path.join(announced, name), 'utf8')
      return Number(name) !== process.pid && URL.canParse(url) ? [url] : []
    } catch {
      return []
    }
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .slice(0, maxAnnounced)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
