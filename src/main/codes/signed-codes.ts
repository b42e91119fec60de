import type { KeyObject } from 'node:crypto'
import type { CodeState } from '../../shared/user.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { foldCase } from '../fold-case.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import { findFormerUsers, findUserByKey, type UserRow } from '../users/user-store.ts'
import { hashCode } from './code-hash.ts'
import { codeStateAt, findCodeByHash } from './code-store.ts'
import { normaliseCode } from './code-text.ts'
import { isLinkSignature } from './link-signature.ts'

/** What a link says that somebody opens; nothing of it is to be believed before its signature fits. */
export interface GivenLink {
  siteId: number
  username: string
  code: string
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

/** A name that was given away several times: so many of its removed users are asked for the signature. */
const mostRemoved = 5

/**
 * Looks up the code of a signed link; null for anything that this server did not sign, which is all that a stranger can send.
 * Whether the user or the code exists changes nothing of that answer.
 */
export async function findSignedCode(
  { db, time, keys }: { db: Db; time: Timekeeper; keys: DerivedKeys },
  settings: Settings,
  { siteId, username, code, signature }: GivenLink
): Promise<SignedCode | null> {
  if (siteId !== settings['server.siteId']) return null
  const usernameKey = foldCase(username.trim())
  const present = await findUserByKey(db, usernameKey)
  const signer = isSignedFor(keys.signing, { siteId, code, signature })
  const user =
    present && signer(present.id)
      ? present
      : (await findFormerUsers(db, usernameKey, mostRemoved)).find(({ id }) => signer(id))
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

function isSignedFor(
  signing: KeyObject,
  { siteId, code, signature }: { siteId: number; code: string; signature: string }
): (userId: number) => boolean {
  return (userId) => isLinkSignature(signing, { siteId, userId, code }, signature)
}
