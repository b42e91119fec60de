import type { CodeChannel, CodeEntry, CodeLife, IssuedCode } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import { formatProvisionText } from '../../shared/provision-url.ts'
import { leastValidityMs, mostValidityMs, type Settings } from '../../shared/settings.ts'
import { parseDuration } from '../../shared/duration.ts'
import type { CodeState, UserSelection } from '../../shared/user.ts'
import type { Act } from '../act.ts'
import { usersDetail, type AuditLog } from '../audit/audit-log.ts'
import type { Random } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { foldCase } from '../fold-case.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { forEachChunk, type BulkOutcome } from '../users/selection.ts'
import { activeUserIds, findUserByKey, type UserRow } from '../users/user-store.ts'
import { hashCode } from './code-hash.ts'
import {
  codeStateAt,
  endLiveCodes,
  insertLiveCodes,
  listCodeRows,
  newestCodes,
  showNewCodes,
  showWithdrawnCodes
} from './code-store.ts'
import { generateCode, normaliseCode } from './code-text.ts'
import { clearLockouts } from './lockout-store.ts'
import { lockoutKey } from './lockout.ts'

/** A code in the clear: it exists in memory only, between issuing and handing on. */
export interface ClearCode {
  userId: number
  username: string
  code: string
  /** `url3`: exactly what the QR code holds. */
  url: string
  expiresAtMs: number
}

export interface CodeService {
  /** Issues a code to every selected user that may have one; each supersedes the user's earlier one. */
  issue(
    request: { selection: UserSelection; channel: CodeChannel; reveal: boolean } & CodeLife,
    act: Act
  ): Promise<{ issued: IssuedCode[] } & BulkOutcome>
  /** For one user; the caller shows or writes it, which is recorded as revealing it. */
  issueOne(request: { username: string; channel: CodeChannel } & CodeLife, act: Act): Promise<ClearCode>
  withdraw(selection: UserSelection, act: Act): Promise<{ withdrawn: number } & BulkOutcome>
  list(page: { state: CodeState | null; beforeId: number | null; limit: number }): Promise<CodeEntry[]>
  /** What became of a code that somebody holds in the clear, or null when this server never issued it to the user. */
  recognise(userId: number, code: string): Promise<{ state: CodeState; expiresAtMs: number } | null>
}

export interface CodeServiceParts {
  db: Db
  time: Timekeeper
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
}

/** How many of a user's codes are looked through to tell what became of one. */
const rememberedCodes = 50

export function createCodeService({ db, time, random, keys, settings, audit }: CodeServiceParts): CodeService {
  const issueChunk = async (
    chosen: UserRow[],
    issue: { policy: Settings; channel: CodeChannel; life: CodeLife; reveal: boolean },
    act: Act
  ): Promise<ClearCode[]> =>
    db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      // Chosen a moment ago and outside this transaction: another program may have disabled some since.
      const active = await activeUserIds(
        transaction,
        chosen.map(({ id }) => id)
      )
      const rows = chosen.filter(({ id }) => active.has(id))
      if (rows.length === 0) return []
      const expiresAtMs = expiryOf(issue.life, issue.policy, issue.channel, nowMs)
      const codes = rows.map((row) => {
        const code = generateCode(random, issue.policy['policy.codes.alphabet'], issue.policy['policy.codes.length'])
        return {
          userId: row.id,
          username: row.username,
          code,
          url: urlOf(issue.policy, row.username, code),
          expiresAtMs
        }
      })
      const userIds = rows.map(({ id }) => id)
      await endLiveCodes(transaction, userIds, 'superseded', nowMs)
      const hashes = codes.map(({ userId, code }) => ({
        user_id: userId,
        code_hash: hashCode(keys.pepper, userId, code)
      }))
      await insertLiveCodes(transaction, hashes, { channel: issue.channel, issuedAtMs: nowMs, expiresAtMs })
      await showNewCodes(transaction, userIds, nowMs, expiresAtMs)
      await clearLockouts(
        transaction,
        rows.map((row) => lockoutKey(row.username_key))
      )
      const kinds = issue.reveal ? (['codes.issued', 'code.revealed'] as const) : (['codes.issued'] as const)
      for (const kind of kinds) {
        await audit.append(transaction, nowMs, {
          actor: act.actor,
          kind,
          user: rows.length === 1 ? rows[0] : undefined,
          detail: { channel: issue.channel, expiresAtMs, ...usersDetail(rows) }
        })
      }
      return codes
    })

  return {
    async issue({ selection, channel, reveal, ...life }, act) {
      const policy = await settings.read()
      const startMs = await time.peekMs(db)
      expiryOf(life, policy, channel, startMs)
      const issued: IssuedCode[] = []
      const outcome = await forEachChunk(db, selection, startMs, act, async (rows, skip) => {
        for (const { username } of rows.filter((row) => row.disabled === 1)) skip(username, 'the user is disabled')
        const able = rows.filter((row) => row.disabled === 0)
        const codes = able.length === 0 ? [] : await issueChunk(able, { policy, channel, life, reveal }, act)
        for (const { username, code, url, expiresAtMs } of codes) {
          issued.push(reveal ? { username, code, url, expiresAtMs } : { username, expiresAtMs })
        }
      })
      return { issued, ...outcome }
    },

    async issueOne({ username, channel, ...life }, act) {
      const policy = await settings.read()
      const row = await findUserByKey(db, foldCase(username.trim()))
      if (row?.disabled === 1) {
        throw new AppError('user-disabled', `${row.username} is disabled. Enable the user before issuing a code.`)
      }
      const [code] = row ? await issueChunk([row], { policy, channel, life, reveal: true }, act) : []
      if (code) return code
      throw new AppError('user-not-found', `There is no user “${username}”.`)
    },

    async withdraw(selection, act) {
      let withdrawn = 0
      const outcome = await forEachChunk(db, selection, await time.peekMs(db), act, async (rows) => {
        withdrawn += await db.transaction().execute(async (transaction) => {
          const nowMs = await time.nowMs(transaction)
          return withdrawCodes(transaction, audit, rows, nowMs, act)
        })
      })
      return { withdrawn, ...outcome }
    },

    async list(page) {
      const nowMs = await time.peekMs(db)
      return (await listCodeRows(db, page, nowMs)).map((row) => ({
        id: row.id,
        username: row.username,
        state: codeStateAt(row, nowMs),
        channel: row.channel,
        issuedAtMs: row.issued_at_ms,
        expiresAtMs: row.expires_at_ms,
        endedAtMs: row.ended_at_ms ?? (row.expires_at_ms <= nowMs ? row.expires_at_ms : null)
      }))
    },

    async recognise(userId, code) {
      const nowMs = await time.peekMs(db)
      const hash = hashCode(keys.pepper, userId, normaliseCode(code))
      const row = (await newestCodes(db, userId, rememberedCodes)).find(({ code_hash }) => code_hash === hash)
      return row ? { state: codeStateAt(row, nowMs), expiresAtMs: row.expires_at_ms } : null
    }
  }
}

/** Ends the users' live codes within the caller's transaction and records it where there were any. */
export async function withdrawCodes(
  transaction: Db,
  audit: AuditLog,
  rows: Pick<UserRow, 'id' | 'username'>[],
  nowMs: number,
  act: Act
): Promise<number> {
  const userIds = rows.map(({ id }) => id)
  const ended = await endLiveCodes(transaction, userIds, 'withdrawn', nowMs)
  await showWithdrawnCodes(transaction, userIds, nowMs)
  if (ended > 0) {
    const user = rows.length === 1 ? rows[0] : undefined
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'codes.withdrawn',
      user,
      detail: { codes: ended, ...usersDetail(rows) }
    })
  }
  return ended
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

function expiryOf(life: CodeLife, policy: Settings, channel: CodeChannel, nowMs: number): number {
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
