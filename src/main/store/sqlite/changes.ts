import type { OpenDatabase } from './open.ts'

/** Twice a second, so that a row on the screen follows another process within a second. */
const pollMs = 500

/** Calls back when another process has written to the database. Costs one pragma a poll, and nothing while stopped. */
export function watchOtherProcesses(
  database: Pick<OpenDatabase, 'dataVersion'>,
  onChange: () => void
): { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let seen = database.dataVersion()
  const readVersion = () => {
    try {
      return database.dataVersion()
    } catch {
      // The next call tells somebody what is wrong with the database; thrown from a timer it would end the process.
      return seen
    }
  }
  return {
    start() {
      if (timer) return
      seen = database.dataVersion()
      timer = setInterval(() => {
        const version = readVersion()
        if (version === seen) return
        seen = version
        onChange()
      }, pollMs).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    }
  }
}
