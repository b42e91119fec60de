import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/errors.ts'

/**
 * Nothing that somebody else changed after it was looked at is overwritten unseen. Throws `changed-meanwhile` naming, in the words
 * of `what`, the members of `held` that are others than expected; a member expected as undefined is not compared.
 */
export function requireAsExpected<Held extends object>(
  expected: { [Name in keyof Held]?: unknown },
  held: Held,
  what: (changed: string) => string
): void {
  const changed = (Object.keys(expected) as (keyof Held & string)[]).filter(
    (name) => expected[name] !== undefined && !isDeepStrictEqual(expected[name], held[name])
  )
  if (changed.length === 0) return
  const message = `Somebody else has changed ${what(changed.join(', '))} meanwhile. Look at it again first.`
  throw new AppError('changed-meanwhile', message, { changed })
}
