import type { SkippedUser } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import type { UserSelection } from '../../shared/user.ts'
import { createPace, stoppedByCaller, stopReason, type Act } from '../system/operation.ts'
import type { Db } from '../store/schema.ts'
import { countUsers, findUsersByKeys, nextMatchingRows, type UserRow } from './user-store.ts'
import { foldCase } from '../system/fold-case.ts'

interface SelectedChunk {
  rows: UserRow[]
  /** Named in the selection, but no user has the name. */
  unknown: string[]
}

/** What a bulk act came to: `stopped` says in words why it ended early, null when it did not. */
export interface BulkOutcome {
  skipped: SkippedUser[]
  stopped: string | null
}

/**
 * Does something to every user of a selection, in chunks of at most 500. A chunk that fails ends the act: what was done
 * before is kept and the outcome says why it went no further; a failure of the first chunk is thrown.
 */
export async function forEachChunk(
  db: Db,
  selection: UserSelection,
  nowMs: number,
  act: Act,
  work: (rows: UserRow[], skip: (username: string, reason: string) => void) => Promise<void>
): Promise<BulkOutcome> {
  const skipped: SkippedUser[] = []
  const skip = (username: string, reason: string) => skipped.push({ username, reason })
  let isFirst = true
  try {
    for await (const chunk of selectedChunks(db, selection, nowMs, act)) {
      if (chunk === 'stopped') return { skipped, stopped: stoppedByCaller }
      for (const username of chunk.unknown) skip(username, 'there is no such user')
      if (chunk.rows.length > 0) await work(chunk.rows, skip)
      isFirst = false
    }
  } catch (error) {
    if (isFirst) throw error
    return { skipped, stopped: stopReason(error) }
  }
  return { skipped, stopped: null }
}

/** For an export, which is worth nothing in part: whatever fails is thrown, and `cancelled` where it was stopped. */
export async function forWholeSelection(
  db: Db,
  selection: UserSelection,
  nowMs: number,
  act: Act,
  work: (rows: UserRow[]) => void
): Promise<void> {
  for await (const chunk of selectedChunks(db, selection, nowMs, act)) {
    if (chunk === 'stopped')
      throw new AppError('cancelled', `The export stopped: ${stoppedByCaller}. Nothing was written.`)
    work(chunk.rows)
  }
}

/** What matched a filter at the start is taken, also when the act itself makes a user match it no longer. */
async function* selectedChunks(
  db: Db,
  selection: UserSelection,
  nowMs: number,
  act: Act
): AsyncGenerator<SelectedChunk | 'stopped', void> {
  const pace = createPace()
  let done = 0
  if (act.signal?.aborted) {
    yield 'stopped'
    return
  }
  if ('usernames' in selection) {
    const usernames = [...new Map(selection.usernames.map((name) => [foldCase(name.normalize('NFC').trim()), name]))]
    for (const chunk of pace.chunksOf(usernames)) {
      const found = await findUsersByKeys(
        db,
        chunk.map(([key]) => key)
      )
      yield {
        rows: [...found.values()],
        unknown: chunk.filter(([key]) => !found.has(key)).map(([, name]) => name)
      }
      done += chunk.length
      act.onProgress?.(done, usernames.length)
      if ((await pace.breathe(act)) && done < usernames.length) {
        yield 'stopped'
        return
      }
    }
    return
  }
  const total = await countUsers(db, selection.filter, nowMs)
  let afterId = 0
  for (;;) {
    const rows = await nextMatchingRows(db, selection.filter, afterId, pace.chunkRows(), nowMs)
    const last = rows.at(-1)
    if (!last) return
    afterId = last.id
    yield { rows, unknown: [] }
    done += rows.length
    act.onProgress?.(done, Math.max(done, total))
    if ((await pace.breathe(act)) && done < total) {
      yield 'stopped'
      return
    }
  }
}
