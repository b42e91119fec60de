import { hasRoom } from '../system/disk-room.ts'
import type { Log } from '../system/log.ts'
import { refusalOfDatabase } from './sqlite/refusals.ts'

export type StoreRoom = 'ok' | 'full'

/** Whether the disk of a data folder has room: said once when it has none, instead of with each act that fails for it. */
export interface StoreWatch {
  room(): StoreRoom
  /** Whether an act failed because the disk is full; told once in the log, and again when there is room. */
  note(error: unknown): boolean
  /** Leaves out of a log what says again and again that the disk is full. */
  quiet(log: Log): Log
}

/** A quota does not show in what the disk has free: so long is believed what the last failed act said. */
const believeMs = 10_000
const lookMs = 5_000

export function createStoreWatch(folder: string, log: Log, onChange: () => void): StoreWatch {
  let isFull = false
  let failedAtMs = -believeMs
  let timer: NodeJS.Timeout | undefined

  const become = (full: boolean): void => {
    if (full === isFull) return
    isFull = full
    clearInterval(timer)
    if (full) {
      timer = setInterval(look, lookMs).unref()
      log.warn(`The disk that holds ${folder} is full: nothing can be written, and phones are told to come back later.`)
    } else log.info(`The disk that holds ${folder} has room again.`)
    onChange()
  }
  const look = (): StoreRoom => {
    become(!hasRoom(folder) || performance.now() - failedAtMs < believeMs)
    return isFull ? 'full' : 'ok'
  }
  const note = (error: unknown): boolean => {
    if (refusalOfDatabase(error)?.code !== 'disk-full') return false
    failedAtMs = performance.now()
    become(true)
    return true
  }
  return {
    room: look,
    note,
    quiet(loud) {
      const write = (level: 'warn' | 'error') => (message: string, fields?: object) => {
        if (fields && 'error' in fields && note(fields.error)) return
        loud[level](message, fields)
      }
      return { info: loud.info, warn: write('warn'), error: write('error') }
    }
  }
}
