import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { UserSort } from '../../shared/user.ts'

/** What a user is put in order by, the username last. */
export type Keys = (string | number)[]

/** Where a page ended: in which run of the list, and at which keys. */
interface Position {
  segment: number
  keys: Keys
}

const cursorData = z.tuple([
  z.string(),
  z.boolean(),
  z.number().int(),
  z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(3)
])

/** Opaque to callers. */
export function writeCursor({ column, descending }: UserSort, { segment, keys }: Position): string {
  return Buffer.from(JSON.stringify([column, descending, segment, keys])).toString('base64url')
}

export function readCursor(cursor: string, { column, descending }: UserSort): Position {
  try {
    const parsed = cursorData.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (parsed.success && parsed.data[0] === column && parsed.data[1] === descending) {
      return { segment: parsed.data[2], keys: parsed.data[3] }
    }
  } catch {
    // Falls through: not one of ours.
  }
  throw foreignCursor()
}

export function foreignCursor(): AppError {
  return new AppError('invalid-input', 'This is not a cursor that an earlier page with the same order gave.')
}
