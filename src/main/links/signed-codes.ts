import type { CodeState } from '../../shared/user.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import { findNameHolders, findUserEver, type UserRow } from '../users/user-store.ts'
import { hashCode } from '../codes/hash.ts'
import { codeStateAt, findCodeByHash } from '../codes/code-store.ts'
import { normaliseCode } from '../codes/text.ts'
import { isLinkSignature } from './link-signature.ts'

/** What a link says that somebody opens; nothing of it is to be believed before its signature fits. */
export interface GivenLink {
  siteId: number
  username: string
  code: string
  /** Empty where it has none. */
  signature: string
}

/** What is known of a code whose link this server has signed. */
export interface SignedCode {
  /** Its row; null where the database no longer has it. */
  codeId: number | null
  user: Pick<UserRow, 'id' | 'username' | 'name'>
  isUserGone: boolean
  isUserDisabled: boolean
  code: string
  state: Exclude<CodeState, 'none'> | 'unknown'
  expiresAtMs: number
  endedAtMs: number | null
}

/** A name that was given away several times: so many who have or had it are asked for the signature. */
const maxHolders = 6
const nobody = 0

/**
 * Looks up the code of a signed link; null for anything that this server did not sign, which is all that a stranger can send.
 * Whether the user or the code exists changes nothing of that answer, nor of the work for it: how long it takes tells nothing.
 */
export async function findSignedCode(
  { db, time, keys }: { db: Db; time: Timekeeper; keys: DerivedKeys },
  settings: Settings,
  { siteId, username, code, signature }: GivenLink
): Promise<SignedCode | null> {
  const holders = await findNameHolders(db, foldCase(username.trim()), maxHolders)
  const asked = Array.from({ length: maxHolders }, (_, index) => holders[index] ?? nobody)
  // All are asked, also once one fits.
  const fits = asked.map((userId) => isLinkSignature(keys.signing, { siteId, userId, code }, signature))
  const signed = asked[fits.indexOf(true)] ?? nobody
  if (signed === nobody || siteId !== settings['server.siteId']) return null
  const user = await findUserEver(db, signed)
  if (!user) return null
  const row = await findCodeByHash(db, user.id, hashCode(keys.pepper, user.id, normaliseCode(code)))
  const nowMs = await time.peekMs(db)
  return {
    codeId: row?.id ?? null,
    user,
    isUserGone: user.removed_at_ms !== null,
    isUserDisabled: user.disabled === 1,
    code,
    state: row ? codeStateAt(row, nowMs) : 'unknown',
    expiresAtMs: row?.expires_at_ms ?? 0,
    endedAtMs: row?.ended_at_ms ?? null
  }
}

/** Whether an app could still be set up with it. */
export function isUsable({ state, isUserGone, isUserDisabled }: SignedCode): boolean {
  return state === 'live' && !isUserGone && !isUserDisabled
}
