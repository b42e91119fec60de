import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  writeFileSync
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { unwritableFile } from './file-faults.ts'

/** A file for its owner's eyes alone, that is there whole or not at all. */
export interface PrivateFile {
  /** Throws `file-unwritable`, with nothing left of what was written; an earlier file of the name is then as it was. */
  write(bytes: Uint8Array): void
  discard(): void
}

/** What a program writes in beside its target, named after its process. */
const draftName = /^\..+\.(\d+)-[0-9a-f]{8}\.provision-draft$/s

/** Tries the place before anything is done that needs it. Throws `file-unwritable`, ending in the sentence `consequence`. */
export function createPrivateFile(file: string, consequence: string): PrivateFile {
  const isDevice = existsSync(file) && !statSync(file).isFile()
  // Beside it, since only within a folder does a new file take the place of an old one in one step. A link stays one.
  const target = existsSync(file) ? realpathSync(file) : file
  const draft = isDevice
    ? file
    : path.join(
        path.dirname(target),
        // A target's name may be as long as the system allows, so a draft has only its beginning.
        `.${path.basename(target).slice(0, 40)}.${process.pid}-${randomBytes(4).toString('hex')}.provision-draft`
      )
  const discard = () => {
    if (!isDevice) rmSync(draft, { force: true })
  }
  try {
    // A file that is there and read-only is not to be replaced behind its owner's back.
    if (existsSync(file)) closeSync(openSync(file, 'r+'))
    if (!isDevice) {
      removeAbandonedDrafts(path.dirname(target))
      writeFileSync(draft, '', { flag: 'wx', mode: 0o600 })
    }
  } catch (error) {
    discard()
    throw unwritableFile(error, file, { consequence })
  }
  return {
    write(bytes) {
      try {
        const handle = openSync(draft, 'w', 0o600)
        try {
          for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
          if (!isDevice) fsyncSync(handle)
        } finally {
          closeSync(handle)
        }
        if (!isDevice) renameSync(draft, target)
      } catch (error) {
        discard()
        throw unwritableFile(error, file)
      }
    },
    discard
  }
}

/** Drafts of programs that were killed while they wrote into the folder. */
function removeAbandonedDrafts(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const pid = Number(draftName.exec(name)?.[1])
      if (pid > 0 && !isRunning(pid)) rmSync(path.join(folder, name), { force: true })
    }
  } catch {
    // A folder may take files and yet not let its list be read, or hold what somebody else left there.
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
