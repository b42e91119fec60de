import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { KeySlot } from '../../shared/key.ts'
import type { AuditLog, NewAuditEntry } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { Act } from '../system/operation.ts'
import type { DataKey, WantedSlot } from './data-key.ts'

export interface KeySlotService {
  list(): KeySlot[]
  /** Throws `forbidden` for a file that no person has named. */
  add(wanted: WantedSlot, act: Act): Promise<KeySlot>
  remove(id: number, act: Act): Promise<void>
}

export function createKeySlotService({
  db,
  time,
  audit,
  dataKey
}: {
  db: Db
  time: Timekeeper
  audit: AuditLog
  dataKey: DataKey
}): KeySlotService {
  /**
   * The slots lie in a file; the database's write lock keeps two programs from writing it at once. A file that cannot be written
   * leaves no entry in the log, and a slot whose entry cannot be written is put back as it was.
   */
  const writeBoth = async <Written>(
    write: () => Written,
    entryOf: (written: Written) => NewAuditEntry,
    undo: () => void
  ): Promise<Written> => {
    try {
      return await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const written = write()
        await audit.append(transaction, nowMs, entryOf(written))
        return written
      })
    } catch (error) {
      try {
        undo()
      } catch (fault) {
        throw new AggregateError([error, fault], 'A key slot was changed, and the log has no entry of it.', {
          cause: fault
        })
      }
      throw error
    }
  }
  return {
    list: () => dataKey.slots(),
    async add(wanted, act) {
      const prepared = await dataKey.prepareSlot(
        wanted.kind === 'file' ? { kind: 'file', path: fileNamedBy(act, wanted.path) } : wanted
      )
      return writeBoth(
        () => prepared.add(),
        ({ id, kind }) => ({ actor: act.actor, kind: 'key.slot-added', detail: { slot: id, kind } }),
        () => prepared.undo()
      )
    },
    async remove(id, act) {
      let putBack: (() => void) | undefined
      await writeBoth(
        () => {
          const { removed, undo } = dataKey.removeSlot(id)
          putBack = undo
          return removed
        },
        ({ kind }) => ({ actor: act.actor, kind: 'key.slot-removed', detail: { slot: id, kind } }),
        () => putBack?.()
      )
    }
  }
}

/** A script that got into a page could otherwise have a key to everything put where somebody else reads it. */
function fileNamedBy({ namesFiles }: Act, file: string): string {
  if (namesFiles === true) return path.resolve(file)
  throw new AppError(
    'forbidden',
    'A page may not say where a key file lies. Add it on the server’s command line: provision key add file PATH.'
  )
}
