import { accessSync, constants, existsSync, mkdirSync, statSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { fileFault, unwritableFile } from './file-faults.ts'

/** Where a server's data lies when neither `--data` nor PROVISION_DATA says: the platform's folder for application data. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment['PROVISION_DATA']) return path.resolve(environment['PROVISION_DATA'])
  const absolute = (variable: string) => {
    const value = environment[variable]
    // The XDG specification asks to ignore an empty or relative path.
    return value && path.isAbsolute(value) ? value : undefined
  }
  if (platform === 'win32')
    return path.join(absolute('APPDATA') ?? path.join(homedir(), 'AppData', 'Roaming'), 'Provision Console')
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Provision Console')
  return path.join(absolute('XDG_DATA_HOME') ?? path.join(homedir(), '.local', 'share'), 'provision-console')
}

/** While it is there, what lies in it is the server's, and the files that it replaces are not. */
export const restoredFolderName = 'restored'

/** Throws `data-folder-unusable` where no server was set up. A folder that cannot be looked into is left for `prepareDataFolder` to refuse. */
export function requireServer(folder: string): void {
  if (!lacks(path.join(folder, 'console.db')) || !lacks(path.join(folder, restoredFolderName))) return
  throw new AppError(
    'data-folder-unusable',
    `There is no server in the data folder ${folder}. Name another folder by --data or PROVISION_DATA; “provision serve” or “provision settings set” sets up a new server.`
  )
}

function lacks(file: string): boolean {
  try {
    statSync(file)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** Makes the folder on first use. Throws `data-folder-unusable` for one that cannot hold a database, and leaves it as it was. */
export function prepareDataFolder(folder: string): void {
  if (!existsSync(folder)) {
    try {
      makeFolder(folder)
    } catch (error) {
      const message = `The data folder ${folder} cannot be made: ${fileFault(error, 'write')}.`
      throw new AppError('data-folder-unusable', message, undefined, { cause: error })
    }
  }
  if (!statSync(folder).isDirectory()) {
    throw new AppError('data-folder-unusable', `${folder} is a file; the data folder must be a folder.`)
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unwritableFile(error, `The data folder ${folder}`, { code: 'data-folder-unusable' })
  }
  const network = networkFileSystem(folder)
  if (network) {
    throw new AppError(
      'data-folder-unusable',
      `The data folder ${folder} is on a network file system (${network}), where a database is not safe. Use a local disk.`
    )
  }
}

/** With those above it. Not by `recursive`, with which Node tries for ever where the system makes no folders, such as in /proc. */
function makeFolder(folder: string): void {
  const above = path.dirname(folder)
  if (!existsSync(above)) makeFolder(above)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another program that starts at the same time may have been first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(folder)) throw error
  }
}

/** Types from Linux's <linux/magic.h> on which SQLite's locks cannot be trusted. */
const networkTypes = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre']
])

function networkFileSystem(folder: string): string | null {
  if (process.platform === 'win32') return path.resolve(folder).startsWith('\\\\') ? 'a share' : null
  if (process.platform !== 'linux') return null
  return networkTypes.get(statfsSync(folder).type >>> 0) ?? null
}
