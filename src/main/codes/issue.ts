import type { CodeChannel, CodeLife } from '../../shared/code.ts'
import { parseDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import { qrTextBytes } from '../../shared/qr.ts'
import { leastValidityMs, mostValidityMs, type Settings } from '../../shared/settings.ts'
import type { Act } from '../system/operation.ts'
import { usersDetail, type AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import { formatQrText } from '../links/provision-links.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import { activeUserIds, type UserRow } from '../users/user-store.ts'
import { hashCode } from './hash.ts'
import { endLiveCodes, insertLiveCodes, showNewCodes } from './code-store.ts'
import { generateCode } from './text.ts'
import { clearLockouts } from '../provisioning/lockout-store.ts'
import { lockoutKey } from '../provisioning/lockout.ts'

/** A code in the clear: it exists in memory only, between issuing and handing on. */
export interface ClearCode {
  /** The code's row, by which it can be withdrawn. */
  codeId: number
  userId: number
  username: string
  code: string
  /** `url3`: exactly what the QR code holds. */
  url: string
  expiresAtMs: number
}

export interface CodeIssue {
  /** As read within the same transaction, or just before. */
  policy: Settings
  channel: CodeChannel
  life: CodeLife
  /** Whether codes are shown in the clear, which is recorded besides. */
  reveal: boolean
}

type Issuable = Pick<UserRow, 'id' | 'username' | 'username_key'>

/** A code that is drawn or written before it is issued: as long as `issuePrepared` has not run, nobody can use it. */
export interface PreparedCode extends Omit<ClearCode, 'codeId'> {
  usernameKey: string
  hash: string
}

/**
 * Makes up a code for each of the users, and writes nothing: whatever can fail because of a code is tried with it first, while
 * the users' earlier codes still live. Throws `invalid-input` for a life that no code can have, `text-too-long` where a URL
 * and a username leave no room for a code in a QR code.
 */
export function prepareCodes(
  { random, keys }: { random: Random; keys: DerivedKeys },
  users: readonly Issuable[],
  { policy, channel, life }: Pick<CodeIssue, 'policy' | 'channel' | 'life'>,
  nowMs: number
): PreparedCode[] {
  const expiresAtMs = expiryOf(life, policy, channel, nowMs)
  return users.map(({ id, username, username_key: usernameKey }) => {
    const code = generateCode(random, policy['policy.codes.alphabet'], policy['policy.codes.length'])
    const url = formatQrText(policy, { username, code })
    requireQrText(url, username)
    return { userId: id, username, usernameKey, code, url, hash: hashCode(keys.pepper, id, code), expiresAtMs }
  })
}

/**
 * Issues prepared codes (at most 500, all with one end) within the caller's transaction, so that the caller's own rows for them
 * (a mail, a sheet) are there with the code or not at all. Ends the users' earlier codes; disabled and removed users are left out.
 */
export async function issuePrepared(
  audit: AuditLog,
  transaction: Db,
  prepared: readonly PreparedCode[],
  { channel, reveal }: Pick<CodeIssue, 'channel' | 'reveal'>,
  nowMs: number,
  act: Act
): Promise<ClearCode[]> {
  // Chosen a moment ago and outside this transaction: another program may have disabled some since.
  const active = await activeUserIds(
    transaction,
    prepared.map(({ userId }) => userId)
  )
  const codes = prepared.filter(({ userId }) => active.has(userId))
  const [first] = codes
  if (!first) return []
  const { expiresAtMs } = first
  const userIds = codes.map(({ userId }) => userId)
  await endLiveCodes(transaction, userIds, 'superseded', nowMs)
  const codeIds = await insertLiveCodes(
    transaction,
    codes.map(({ userId, hash }) => ({ user_id: userId, code_hash: hash })),
    { channel, issuedAtMs: nowMs, expiresAtMs }
  )
  await showNewCodes(transaction, userIds, nowMs, expiresAtMs)
  // Who asks the portal for a code is not known to be the user, and must not end a wait.
  if (channel !== 'portal') {
    await clearLockouts(
      transaction,
      codes.map(({ usernameKey }) => lockoutKey(usernameKey))
    )
  }
  const kinds = reveal ? (['codes.issued', 'code.revealed'] as const) : (['codes.issued'] as const)
  for (const kind of kinds) {
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind,
      user: codes.length === 1 ? { id: first.userId, username: first.username } : undefined,
      detail: { channel, expiresAtMs, ...usersDetail(codes) }
    })
  }
  return codes.map(({ userId, username, code, url }) => {
    const codeId = codeIds.get(userId)
    if (codeId === undefined) throw new Error(`the code of user ${userId} was not written`)
    return { codeId, userId, username, code, url, expiresAtMs }
  })
}

/** Both at once, for codes of which nothing is drawn before they are issued; as `issuePrepared` and `prepareCodes`. */
export async function issueCodes(
  { random, keys, audit }: { random: Random; keys: DerivedKeys; audit: AuditLog },
  transaction: Db,
  users: readonly Issuable[],
  issue: CodeIssue,
  nowMs: number,
  act: Act
): Promise<ClearCode[]> {
  const prepared = prepareCodes({ random, keys }, users, issue, nowMs)
  return issuePrepared(audit, transaction, prepared, issue, nowMs, act)
}

/** Of users whose QR code would hold too much, as a reason to leave them out of a bulk act. */
export const tooLongForQr =
  'the username and the complete URL (policy.selfReset.completeUrl) are too long for a QR code'

export function fitsQrCode(policy: Settings, username: string): boolean {
  const code = '0'.repeat(policy['policy.codes.length'])
  return Buffer.byteLength(formatQrText(policy, { username, code })) <= qrTextBytes
}

function requireQrText(url: string, username: string): void {
  const bytes = Buffer.byteLength(url)
  if (bytes <= qrTextBytes) return
  throw new AppError(
    'text-too-long',
    `The QR code of ${username} would hold ${bytes} bytes and may hold ${qrTextBytes}. Shorten the complete URL (policy.selfReset.completeUrl) or the username. No code was issued.`,
    { username, bytes, mostBytes: qrTextBytes }
  )
}

const defaultValidity = {
  mail: 'policy.selfReset.mailValidity',
  sheet: 'policy.selfReset.sheetValidity',
  portal: 'policy.selfReset.portalValidity',
  desk: 'policy.selfReset.mailValidity'
} as const satisfies Record<CodeChannel, keyof Settings>

/** Until when a code lives that is issued now. Throws `invalid-input` for less than a minute and more than 30 days. */
export function expiryOf(life: CodeLife, policy: Settings, channel: CodeChannel, nowMs: number): number {
  const validForMs =
    life.untilMs === undefined
      ? (life.validForMs ?? parseDuration(policy[defaultValidity[channel]]) ?? 0)
      : life.untilMs - nowMs
  if (validForMs < leastValidityMs || validForMs > mostValidityMs) {
    throw new AppError(
      'invalid-input',
      'A code can live from one minute to 30 days; choose a validity such as 24h, or a time within the next 30 days.'
    )
  }
  return nowMs + validForMs
}
