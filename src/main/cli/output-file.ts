import { writeFileSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'
import type { CommandContext } from './context.ts'

/** Writes what was asked for into a file that only its owner can read, or to stdout for `-`. */
export function writeOutput({ terminal }: CommandContext, file: string, content: Uint8Array): void {
  if (file === '-') {
    terminal.stdout.write(content)
    return
  }
  try {
    writeFileSync(file, content, { mode: 0o600 })
  } catch (error) {
    throw new AppError('file-unwritable', `${file} cannot be written: ${(error as Error).message}.`)
  }
}
