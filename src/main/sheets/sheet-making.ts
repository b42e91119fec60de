import type { CodeLife, SkippedUser } from '../../shared/code.ts'
import { formatDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { SheetDesign } from '../../shared/sheet.ts'
import { breathe, chunksOf, type Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import { issuePrepared, prepareCodes, type PreparedCode } from '../codes/issue.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { Subject } from './label-drawing.ts'
import { dotsFor } from './read-back.ts'
import type { readBack } from './read-back-worker.ts'
import { drawSheet, pagesFor, type DrawnCode } from './sheet-drawing.ts'
import { findLeastModule } from './sheet-plan.ts'
import { insertSheetCodes, updateSheet } from './sheet-store.ts'
import type { UserRow } from './sheet-users.ts'
import type { Stock } from './stock.ts'

export interface MakingParts {
  db: Db
  time: Timekeeper
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
  readPages: typeof readBack
}

/** A sheet that has its row already, and is to get its codes and its file. */
export interface Making {
  id: number
  part: string
  stock: Stock
  design: SheetDesign
  policy: Settings
  users: (UserRow & { group: string })[]
  life: CodeLife
  letterText: string
  validForMs: number
  madeAtMs: number
}

/**
 * Draws the pages with codes that nobody can use yet, reads every code back from them, and then issues all of them at once and
 * offers the sheet. Whatever it throws leaves no code behind, and what was live stays live: `cancelled`, `qr-unreadable`,
 * `letter-too-long`, `text-too-long`.
 */
export async function fillSheet(
  parts: MakingParts,
  making: Making,
  act: Act
): Promise<{ pdf: Uint8Array; skipped: SkippedUser[] }> {
  const { id, stock, design, policy, users, letterText, validForMs, madeAtMs } = making
  const codes = await prepareAll(parts, making, act)
  const subjects = users.map(({ username, name, group }, index): Subject => {
    const { code, url, expiresAtMs } = codes[index] ?? missingCode(username)
    return { username, name, group, code, url, expiresAtMs }
  })
  const server = {
    siteId: policy['server.siteId'],
    name: policy['server.name'],
    letterText,
    validity: formatDuration(validForMs)
  }
  const drawn = await drawSheet({ id, stock, design, madeAtMs, server }, subjects, () => breathe(act))
  if (drawn === 'stopped') throw stoppedMaking()
  const minModuleMm = findLeastModule(stock, policy, users)?.moduleMm ?? 0
  await requireReadable(parts, making, { ...drawn, dotsAnInch: dotsFor(minModuleMm) }, act)
  const issued = await issueAll(parts, making, codes, act)
  const skipped = users
    .filter((user) => !issued.has(user.id))
    .map(({ username }) => ({
      username,
      reason: 'the user was disabled or removed while the sheet was made; the label does not work'
    }))
  return { pdf: drawn.pdf, skipped }
}

function missingCode(username: string): never {
  throw new Error(`no code was prepared for ${username}`)
}

async function prepareAll(
  { random, keys }: MakingParts,
  { users, policy, life, madeAtMs }: Making,
  act: Act
): Promise<PreparedCode[]> {
  const codes: PreparedCode[] = []
  for (const chunk of chunksOf(users)) {
    codes.push(...prepareCodes({ random, keys }, chunk, { policy, channel: 'sheet', life: lifeOf(life) }, madeAtMs))
    if (await breathe(act)) throw stoppedMaking()
  }
  return codes
}

/** What stands in every QR code beside the user and the code. */
const inQrCodes = ['policy.selfReset.completeUrl', 'server.siteId'] as const

/**
 * All codes of the sheet, its rows for them and its new state in one transaction: whatever ends the program, either the whole
 * sheet is live or nothing of it, and the earlier codes of its users with it. Returns the ids of those who have a code now.
 */
async function issueAll(
  { db, time, settings, audit }: MakingParts,
  making: Making,
  codes: readonly PreparedCode[],
  act: Act
): Promise<Set<number>> {
  const { id, part, stock, design } = making
  const issued = new Set<number>()
  const places = new Map(codes.map(({ userId }, index) => [userId, design.startAt - 1 + index]))
  const pages = pagesFor(stock, design.startAt, codes.length)
  const expiresAtMs = codes[0]?.expiresAtMs ?? 0
  await db.transaction().execute(async (transaction) => {
    issued.clear()
    const nowMs = await time.nowMs(transaction)
    const policy = await settings.read(transaction)
    if (inQrCodes.some((key) => policy[key] !== making.policy[key])) {
      throw new AppError(
        'changed-meanwhile',
        'The server’s URL or Site ID was changed while the sheet was made. Make it again.'
      )
    }
    for (const chunk of chunksOf(codes)) {
      const given = await issuePrepared(audit, transaction, chunk, { channel: 'sheet', reveal: false }, nowMs, act)
      const rows = given.map(({ userId, codeId }) => ({ position: places.get(userId) ?? 0, codeId }))
      await insertSheetCodes(transaction, id, rows)
      for (const { userId } of given) issued.add(userId)
      // The window goes on meanwhile; nothing else is written, since the transaction has the connection.
      await breathe(act)
    }
    await updateSheet(transaction, id, { state: 'offered', pages, expires_at_ms: expiresAtMs })
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'sheet.made',
      detail: { sheet: id, part, labels: issued.size, pages, expiresAtMs }
    })
  })
  return issued
}

async function requireReadable(
  { readPages }: MakingParts,
  making: Making,
  drawn: { pdf: Uint8Array; codes: DrawnCode[]; dotsAnInch: number },
  act: Act
): Promise<void> {
  const onRead = (done: number) => act.onProgress?.(done, making.users.length)
  const unreadable = await readPages(drawn, { signal: act.signal, onRead })
  if (unreadable === null || act.signal?.aborted) throw stoppedMaking()
  const [first] = unreadable
  if (first === undefined) return
  throw new AppError(
    'qr-unreadable',
    `${unreadable.length === 1 ? 'A code' : `${unreadable.length} codes`} on the drawn pages did not read back, the first that of ${first}. No code was issued; try a larger label.`
  )
}

const stoppedMaking = () => new AppError('cancelled', 'It was cancelled, and no code was issued.')

const lifeOf = ({ validForMs, untilMs }: CodeLife): CodeLife => ({
  ...(validForMs === undefined ? {} : { validForMs }),
  ...(untilMs === undefined ? {} : { untilMs })
})
