import { readFileSync } from 'node:fs'
import { unreadableFile } from '../system/file-faults.ts'

/** A file that the command line names. Throws `file-unreadable`. */
export function readInput(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw unreadableFile(error, file)
  }
}
