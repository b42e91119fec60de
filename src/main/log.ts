import type ElectronLog from 'electron-log/node.js'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { loadLate } from './late-module.ts'
import { productName } from './version.ts'

/** Where a part of the program says what it did; `fields` must never hold a provision code, a device Id or another secret. */
export interface Log {
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

const electronLog = loadLate((require) => require('electron-log/node.js') as typeof ElectronLog)

/** The log file of a data folder (`logs/provision.log`, rotated at 5 MiB), made when first written to. */
export function createFileLog(folder: string): Log {
  let logger: ReturnType<typeof openLogger> | undefined
  const write = (level: 'info' | 'warn' | 'error') => (message: string, fields?: object) => {
    logger ??= openLogger(folder)
    if (fields === undefined) logger[level](message)
    else logger[level](message, fields)
  }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

function openLogger(folder: string) {
  const logger = electronLog().create({ logId: folder })
  logger.transports.console.level = false
  const file = logger.transports.file
  // Else it looks for a package.json around the working directory, and without one writes nothing, silently.
  file.setAppName(productName)
  file.level = 'info'
  file.maxSize = 5 * 1024 * 1024
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms}{z} [{processType}] {level} {text}'
  file.resolvePathFn = () => {
    const logs = path.join(folder, 'logs')
    mkdirSync(logs, { recursive: true, mode: 0o700 })
    return path.join(logs, 'provision.log')
  }
  return logger
}
