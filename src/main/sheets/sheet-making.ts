import type { CodeLife, SkippedUser } from '../../shared/code.ts'
import { formatDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { SheetDesign } from '../../shared/sheet.ts'
import { breathe, chunksOf, type Act } from '../act.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Random } from '../clock.ts'
import { issueCodes, type ClearCode } from '../codes/code-issue.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
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

/** Each label is a step twice: when its code is issued, and when that is read back. */
const stepsOf = ({ users }: Making): number => 2 * users.length

/**
 * Issues the codes, draws the pages, reads every code back from them and offers the sheet. Whatever it throws leaves codes behind
 * that the sheet knows of, for the caller to withdraw: `cancelled`, `qr-unreadable`, `letter-too-long`.
 */
export async function fillSheet(
  parts: MakingParts,
  making: Making,
  act: Act
): Promise<{ pdf: Uint8Array; skipped: SkippedUser[] }> {
  const { id, part, stock, design, policy, users, letterText, validForMs, madeAtMs } = making
  const { subjects, skipped, expiresAtMs } = await issueAll(parts, making, act)
  const server = {
    siteId: policy['server.siteId'],
    name: policy['server.name'],
    letterText,
    validity: formatDuration(validForMs)
  }
  const drawn = await drawSheet({ id, stock, design, madeAtMs, server }, subjects, () => breathe(act))
  if (drawn === 'stopped') throw stoppedMaking()
  const leastModuleMm = findLeastModule(stock, policy, users)?.moduleMm ?? 0
  await requireReadable(parts, making, { ...drawn, dotsAnInch: dotsFor(leastModuleMm) }, act)
  const pages = pagesFor(stock, design.startAt, subjects.length)
  await parts.db.transaction().execute(async (transaction) => {
    await updateSheet(transaction, id, { state: 'offered', pages, expires_at_ms: expiresAtMs })
    await parts.audit.append(transaction, await parts.time.nowMs(transaction), {
      actor: act.actor,
      kind: 'sheet.made',
      detail: { sheet: id, part, labels: subjects.length, pages, expiresAtMs }
    })
  })
  return { pdf: drawn.pdf, skipped }
}

/** Codes and the sheet's rows for them are written together: no code is issued that its sheet does not know of. */
async function issueAll(
  { db, time, random, keys, settings, audit }: MakingParts,
  making: Making,
  act: Act
): Promise<{ subjects: Subject[]; skipped: SkippedUser[]; expiresAtMs: number }> {
  const subjects: Subject[] = []
  const skipped: SkippedUser[] = []
  for (const chunk of chunksOf(making.users)) {
    const codes = await db.transaction().execute(async (transaction) => {
      const policy = await settings.read(transaction)
      const issue = { policy, channel: 'sheet' as const, life: lifeOf(making.life), reveal: false }
      const nowMs = await time.nowMs(transaction)
      const issued = await issueCodes({ random, keys, audit }, transaction, chunk, issue, nowMs, act)
      const first = making.design.startAt - 1 + subjects.length
      const rows = issued.map(({ codeId }, index) => ({ position: first + index, codeId }))
      await insertSheetCodes(transaction, making.id, rows)
      return issued
    })
    const byUser = new Map<number, ClearCode>(codes.map((code) => [code.userId, code]))
    for (const { id, username, name, group } of chunk) {
      const code = byUser.get(id)
      if (code) subjects.push({ username, name, group, code: code.code, url: code.url, expiresAtMs: code.expiresAtMs })
      else skipped.push({ username, reason: 'the user has just been disabled or removed' })
    }
    act.onProgress?.(subjects.length, stepsOf(making))
    if (await breathe(act)) throw stoppedMaking()
  }
  const expiresAtMs = Math.min(...[subjects[0], subjects.at(-1)].map((subject) => subject?.expiresAtMs ?? 0))
  return { subjects, skipped, expiresAtMs }
}

async function requireReadable(
  { readPages }: MakingParts,
  making: Making,
  drawn: { pdf: Uint8Array; codes: DrawnCode[]; dotsAnInch: number },
  act: Act
): Promise<void> {
  const steps = stepsOf(making)
  const onRead = (done: number) => act.onProgress?.(steps / 2 + done, steps)
  const unreadable = await readPages(drawn, { signal: act.signal, onRead })
  if (unreadable === null || act.signal?.aborted) throw stoppedMaking()
  const [first] = unreadable
  if (first === undefined) return
  throw new AppError(
    'qr-unreadable',
    `${unreadable.length === 1 ? 'A code' : `${unreadable.length} codes`} on the drawn pages did not read back, the first that of ${first}. The sheet’s codes were withdrawn; try a larger label.`
  )
}

const stoppedMaking = () => new AppError('cancelled', 'It was cancelled, and the codes of this sheet were withdrawn.')

const lifeOf = ({ validForMs, untilMs }: CodeLife): CodeLife => ({
  ...(validForMs === undefined ? {} : { validForMs }),
  ...(untilMs === undefined ? {} : { untilMs })
})
