import type { ImportRejection } from '../../shared/user.ts'
import { chunksOf } from '../system/operation.ts'
import type { Db } from '../store/schema.ts'
import { findUsersByKeys, type UserRow } from './user-store.ts'
import { findTwinKeys, twinReason } from './username-twins.ts'

interface NamedLine {
  line: number
  key: string
  /** See `usernameLook`. */
  look: string
}

/** Rejects lines of new users whose names look like those of others, in the database or on an earlier line. */
export async function rejectTwins(db: Db, lines: NamedLine[], rejected: ImportRejection[]): Promise<Set<number>> {
  const rejectedLines = new Set<number>()
  const twins = await findTwinKeys(db)
  const oddLooks = new Set<string>()
  for (const { key, look } of lines) if (look !== key) oddLooks.add(look)
  if (twins.size === 0 && oddLooks.size === 0) return rejectedLines
  const doubtful = lines.filter(({ look }) => twins.has(look) || oddLooks.has(look))
  const lineOf = new Map<string, number>()
  for (const chunk of chunksOf(doubtful)) {
    const keys = chunk.flatMap(({ key, look }) => [key, look, twins.get(look) ?? look])
    const existing = new Map<string, UserRow>()
    for (const part of chunksOf(keys)) for (const [key, row] of await findUsersByKeys(db, part)) existing.set(key, row)
    for (const { line, key, look } of chunk) {
      const twin = existing.get(look) ?? existing.get(twins.get(look) ?? look)
      const earlier = lineOf.get(look)
      lineOf.set(look, earlier ?? line)
      if (existing.has(key) || (twin === undefined && earlier === undefined)) continue
      const reason = twin === undefined ? `looks the same as that on line ${earlier}` : twinReason(twin.username)
      rejected.push({ line, column: 'username', reason })
      rejectedLines.add(line)
    }
  }
  return rejectedLines
}
