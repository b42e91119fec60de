import type { CodeChannel, CodeEntry, CodeLife, IssuedCode } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import type { CodeState, UserSelection } from '../../shared/user.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Clock, Random } from '../system/clock.ts'
import { byteOrderMark, formatCsvLine } from '../system/csv-line.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { forEachChunk, type BulkOutcome } from '../users/selection.ts'
import { findUserByKey, type UserRow } from '../users/user-store.ts'
import { hashCode } from './hash.ts'
import {
  expiryOf,
  fitsQrCode,
  issueCodes,
  issuePrepared,
  prepareCodes,
  tooLongForQr,
  type ClearCode,
  type CodeIssue,
  type PreparedCode
} from './issue.ts'
import { codeStateAt, listCodeRows, newestCodes } from './code-store.ts'
import { createRecentCodes } from './recent-codes.ts'
import { normaliseCode } from './text.ts'
import { withdrawCodes } from './revoke.ts'

type ManyCodes = { selection: UserSelection; channel: CodeChannel } & CodeLife

export interface CodeService {
  /** Issues a code to every selected user that may have one; each supersedes the user's earlier one. */
  issue(request: ManyCodes & { reveal: boolean }, act: Act): Promise<{ issued: IssuedCode[] } & BulkOutcome>
  /** The same, as CSV in UTF-8 with each code in the clear, which is recorded as revealing it. */
  issueFile(
    request: ManyCodes,
    act: Act
  ): Promise<{ content: Uint8Array; issued: number; usernames: string[] } & BulkOutcome>
  /**
   * For one user; the caller shows or writes it, which is recorded as revealing it. `tryOut` gets the code before it is issued: what
   * it throws keeps the user's earlier code alive.
   */
  issueOne(
    request: { username: string; channel: CodeChannel } & CodeLife,
    act: Act,
    tryOut?: (code: PreparedCode) => Promise<void>
  ): Promise<ClearCode>
  /** Keeps a code in memory for a while. Returns the handle by which `reveal` shows it. */
  remember(code: ClearCode): string
  /** Shows a remembered code, which is recorded. Throws `code-not-found` for one that is no longer remembered. */
  reveal(handle: string, act: Act): Promise<{ username: string; code: string; url: string; expiresAtMs: number }>
  withdraw(selection: UserSelection, act: Act): Promise<{ withdrawn: number } & BulkOutcome>
  list(page: { state: CodeState | null; beforeId: number | null; limit: number }): Promise<CodeEntry[]>
  /** What became of a code that somebody holds in the clear, or null when this server never issued it to the user. */
  recognise(userId: number, code: string): Promise<{ state: CodeState; expiresAtMs: number } | null>
}

export interface CodeServiceParts {
  db: Db
  clock: Clock
  time: Timekeeper
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
}

/** How many of a user's codes are looked through to tell what became of one. */
const rememberedCodes = 50

export function createCodeService({ db, clock, time, random, keys, settings, audit }: CodeServiceParts): CodeService {
  const recent = createRecentCodes(clock, random)

  const issueChunk = (chosen: UserRow[], issue: CodeIssue, act: Act): Promise<ClearCode[]> =>
    db
      .transaction()
      .execute(async (transaction) =>
        issueCodes({ random, keys, audit }, transaction, chosen, issue, await time.nowMs(transaction), act)
      )

  const issueEach = async (
    { selection, channel, ...life }: ManyCodes,
    reveal: boolean,
    act: Act,
    onIssued: (codes: ClearCode[], rows: UserRow[]) => void
  ): Promise<BulkOutcome> => {
    const policy = await settings.read()
    const startMs = await time.peekMs(db)
    expiryOf(life, policy, channel, startMs)
    return forEachChunk(db, selection, startMs, act, async (rows, skip) => {
      const able = rows.filter(({ username, disabled }) => {
        const reason = disabled === 1 ? 'the user is disabled' : fitsQrCode(policy, username) ? null : tooLongForQr
        if (reason !== null) skip(username, reason)
        return reason === null
      })
      if (able.length > 0) onIssued(await issueChunk(able, { policy, channel, life, reveal }, act), able)
    })
  }

  return {
    async issue({ reveal, ...request }, act) {
      const issued: IssuedCode[] = []
      const outcome = await issueEach(request, reveal, act, (codes) => {
        for (const { username, code, url, expiresAtMs } of codes) {
          issued.push(reveal ? { username, code, url, expiresAtMs } : { username, expiresAtMs })
        }
      })
      return { issued, ...outcome }
    },

    async issueFile(request, act) {
      const pieces = [Buffer.from(byteOrderMark + formatCsvLine(['username', 'name', 'email', 'code', 'until', 'url']))]
      const usernames: string[] = []
      const outcome = await issueEach(request, true, act, (codes, rows) => {
        const rowsById = new Map(rows.map((row) => [row.id, row]))
        const lines = codes.map(({ userId, username, code, expiresAtMs, url }) => {
          const { name = '', email = '' } = rowsById.get(userId) ?? {}
          return formatCsvLine([username, name, email, code, new Date(expiresAtMs).toISOString(), url])
        })
        pieces.push(Buffer.from(lines.join('')))
        for (const { username } of codes) usernames.push(username)
      })
      return { content: new Uint8Array(Buffer.concat(pieces)), issued: usernames.length, usernames, ...outcome }
    },

    async issueOne({ username, channel, ...life }, act, tryOut) {
      const policy = await settings.read()
      const row = await findUserByKey(db, foldCase(username.trim()))
      if (row?.disabled === 1) {
        throw new AppError('user-disabled', `${row.username} is disabled. Enable the user before issuing a code.`)
      }
      if (!row) throw new AppError('user-not-found', `There is no user “${username}”.`)
      const issue = { policy, channel, life, reveal: true }
      const [prepared] = prepareCodes({ random, keys }, [row], issue, await time.peekMs(db))
      if (!prepared) throw new Error('no code was prepared')
      await tryOut?.(prepared)
      const [code] = await db
        .transaction()
        .execute(async (transaction) =>
          issuePrepared(audit, transaction, [prepared], issue, await time.nowMs(transaction), act)
        )
      if (code) return code
      throw new AppError('user-not-found', `There is no user “${username}” any more.`)
    },

    remember: (code) => recent.remember(code),

    async reveal(handle, { actor }) {
      const remembered = recent.recall(handle)
      if (!remembered) {
        throw new AppError('code-not-found', 'This code is no longer remembered. Issue a new one to show it.')
      }
      const { userId, username, code, url, expiresAtMs } = remembered
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const user = { id: userId, username }
        await audit.append(transaction, nowMs, { actor, kind: 'code.revealed', user, detail: { as: 'text' } })
      })
      return { username, code, url, expiresAtMs }
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
