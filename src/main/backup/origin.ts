import { open } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'
import { unreadableFile } from '../system/file-faults.ts'

/** Where a backup is read from. */
export interface Origin {
  /** For messages. */
  name: string
  size: number
  /** Fewer bytes than asked for only at the end. */
  read(position: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** Throws `file-unreadable`. */
export async function openFile(file: string): Promise<Origin> {
  const unreadable = (error: unknown) => unreadableFile(error, `The backup ${file}`)
  try {
    const handle = await open(file, 'r')
    const stats = await handle.stat()
    if (!stats.isFile()) {
      await handle.close()
      throw new AppError('file-unreadable', `${file} is not a backup: it is no file.`)
    }
    return {
      name: file,
      size: stats.size,
      async read(position, length) {
        const bytes = Buffer.alloc(length)
        let filled = 0
        try {
          while (filled < length) {
            const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
            if (bytesRead === 0) break
            filled += bytesRead
          }
        } catch (error) {
          throw unreadable(error)
        }
        return bytes.subarray(0, filled)
      },
      close: () => handle.close()
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error)
  }
}

/** A backup that came as bytes, by upload. */
export function openBytes(content: Uint8Array): Origin {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  return {
    name: 'The file',
    size: bytes.length,
    read: async (position, length) => bytes.subarray(position, position + length),
    close: async () => undefined
  }
}
