import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'

/** The least that one durable act can cost: a page of 4 KiB appended to a fresh file and synced. */
export function openSyncedFile(file: string): { append(times: number): void; close(): void } {
  const opened = openSync(file, 'w')
  const page = Buffer.alloc(4096, 1)
  return {
    append(times) {
      for (let i = 0; i < times; i++) {
        writeSync(opened, page)
        fdatasyncSync(opened)
      }
    },
    close: () => closeSync(opened)
  }
}
