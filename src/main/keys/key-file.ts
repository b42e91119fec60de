import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import { fileFault, isDiskFull, unreadableFile } from '../system/file-faults.ts'

/** A key file holds 32 random bytes as 64 hexadecimal digits: it survives an editor's newline and a secret store of texts. */
const keyFileText = /^[0-9a-f]{64}\s*$/i

/**
 * The secret of a key file, or null where there is none. Throws `key-locked` when others may read it or it is no key file.
 * One that was handed to this program may be readable by its group: systemd gives credentials the mode 0440.
 */
export function readKeyFile(path: string, isHanded = false): Buffer | null {
  if (!existsSync(path)) return null
  let text: string
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & (isHanded ? 0o037 : 0o077)) !== 0) {
      throw new AppError('key-locked', `The key file ${path} can be read by others; give it mode 0600 (chmod 600).`)
    }
    text = readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof AppError) throw error
    throw unreadableFile(error, `The key file ${path}`, 'key-locked')
  }
  if (!keyFileText.test(text))
    throw new AppError('key-locked', `${path} is not a key file: 64 hexadecimal digits are expected.`)
  return Buffer.from(text.trim(), 'hex')
}

/** Makes a key file of mode 0600 that did not exist before and returns its secret; leaves none behind when it cannot be written. */
export function createKeyFile(path: string): Buffer {
  const secret = randomBytes(32)
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    throw unmakeable(path, error)
  }
  try {
    writeFileSync(descriptor, `${secret.toString('hex')}\n`)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(path, { force: true })
    throw unmakeable(path, error)
  } finally {
    closeSync(descriptor)
  }
  return secret
}

function unmakeable(path: string, error: unknown): AppError {
  const code = isDiskFull(error) ? 'disk-full' : 'file-unwritable'
  const message = `The key file ${path} cannot be made: ${fileFault(error, 'write')}.`
  return new AppError(code, message, undefined, { cause: error })
}
