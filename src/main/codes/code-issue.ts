import type { CodeChannel, CodeLife } from '../../shared/code.ts'
import { parseDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import { formatProvisionText } from '../../shared/provision-url.ts'
import { leastValidityMs, mostValidityMs, type Settings } from '../../shared/settings.ts'
import type { Act } from '../act.ts'
import { usersDetail, type AuditLog } from '../audit/audit-log.ts'
import type { Random } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import { activeUserIds, type UserRow } from '../users/user-store.ts'
import { hashCode } from './code-hash.ts'
import { endLiveCodes, insertLiveCodes, showNewCodes } from './code-store.ts'
import { generateCode } from './code-text.ts'
import { clearLockouts } from './lockout-store.ts'
import { lockoutKey } from './lockout.ts'

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

/**
 * Gives each of the users (at most 500) a new code within the caller's transaction, so that the caller's own rows for it (a mail,
 * a sheet) are there with the code or not at all. Ends their earlier codes; disabled and removed users are left out. Throws
 * `invalid-input` for a life that no code can have.
 */
export async function issueCodes(
  { random, keys, audit }: { random: Random; keys: DerivedKeys; audit: AuditLog },
  transaction: Db,
  users: Pick<UserRow, 'id' | 'username' | 'username_key'>[],
  { policy, channel, life, reveal }: CodeIssue,
  nowMs: number,
  act: Act
): Promise<ClearCode[]> {
  const expiresAtMs = expiryOf(life, policy, channel, nowMs)
  // Chosen a moment ago and outside this transaction: another program may have disabled some since.
  const active = await activeUserIds(
    transaction,
    users.map(({ id }) => id)
  )
  const rows = users.filter(({ id }) => active.has(id))
  if (rows.length === 0) return []
  const userIds = rows.map(({ id }) => id)
  const codes = rows.map((row) => {
    const code = generateCode(random, policy['policy.codes.alphabet'], policy['policy.codes.length'])
    return { row, code, hash: hashCode(keys.pepper, row.id, code) }
  })
  await endLiveCodes(transaction, userIds, 'superseded', nowMs)
  const codeIds = await insertLiveCodes(
    transaction,
    codes.map(({ row, hash }) => ({ user_id: row.id, code_hash: hash })),
    { channel, issuedAtMs: nowMs, expiresAtMs }
  )
  await showNewCodes(transaction, userIds, nowMs, expiresAtMs)
  // Who asks the portal for a code is not known to be the user, and must not end a wait.
  if (channel !== 'portal') {
    await clearLockouts(
      transaction,
      rows.map((row) => lockoutKey(row.username_key))
    )
  }
  const kinds = reveal ? (['codes.issued', 'code.revealed'] as const) : (['codes.issued'] as const)
  for (const kind of kinds) {
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind,
      user: rows.length === 1 ? rows[0] : undefined,
      detail: { channel, expiresAtMs, ...usersDetail(rows) }
    })
  }
  return codes.map(({ row, code }) => {
    const codeId = codeIds.get(row.id)
    if (codeId === undefined) throw new Error(`the code of user ${row.id} was not written`)
    return { codeId, userId: row.id, username: row.username, code, url: urlOf(policy, row.username, code), expiresAtMs }
  })
}

function urlOf(policy: Settings, username: string, code: string): string {
  return formatProvisionText({
    completeUrl: policy['policy.selfReset.completeUrl'],
    siteId: policy['server.siteId'],
    username,
    code
  })
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
