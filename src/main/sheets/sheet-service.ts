import type { CodeLife } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import { letterProblem, shippedLetter } from '../../shared/letter.ts'
import {
  sheetDesign,
  type MadeSheet,
  type PageName,
  type PrinterFit,
  type SheetDesign,
  type SheetEntry,
  type SheetLabel,
  type SheetPlan,
  type SheetState
} from '../../shared/sheet.ts'
import type { CodeState, UserSelection } from '../../shared/user.ts'
import { chunksOf, type Act } from '../system/operation.ts'
import { expiryOf } from '../codes/issue.ts'
import { withdrawCodesById } from '../codes/revoke.ts'
import { readBack } from './read-back-worker.ts'
import { drawTestPage } from './sheet-drawing.ts'
import { fillSheet, type Making, type MakingParts } from './sheet-making.ts'
import type { SheetOwner } from './sheet-owner.ts'
import { findNames, planSheet, requirePrintableModules, requireStart } from './sheet-plan.ts'
import {
  countSheetCodes,
  findSheet,
  insertSheet,
  listCodeIds,
  listSheetLabels,
  listSheetRows,
  listUnfinished,
  listUnusedUsernames,
  readLetter,
  updateSheet,
  writeLetter,
  type SheetRow
} from './sheet-store.ts'
import { collectUsers } from './sheet-users.ts'
import { findStock, labelsAPage, paperOf, partOf } from './stock.ts'

export type SheetRequest = { selection: UserSelection; design: SheetDesign } & CodeLife

export interface SheetService {
  /** What printing would come to; issues and writes nothing. */
  plan(request: SheetRequest, act: Act): Promise<SheetPlan>
  /**
   * Draws and checks a sheet with a code for everybody of the selection, and then issues the codes. Until somebody says by `keep`
   * that it was printed or saved it is only offered. One that is stopped or fails issues none, and ends none that was live.
   */
  make(request: SheetRequest, act: Act): Promise<MadeSheet>
  keep(id: number): Promise<void>
  list(page: { beforeId: number | null; limit: number }): Promise<SheetEntry[]>
  show(
    id: number,
    page: { afterPosition: number; limit: number; state: CodeState | null }
  ): Promise<{ sheet: SheetEntry; labels: SheetLabel[] }>
  withdraw(id: number, act: Act): Promise<{ withdrawn: number }>
  /** A new sheet like this one, for whoever has not used its code. */
  reissue(request: { id: number; startAt: number } & CodeLife, act: Act): Promise<MadeSheet>
  testPage(wanted: SheetDesign['stock'], fit: PrinterFit): Promise<{ pdf: Uint8Array; paper: PageName }>
  letter(): Promise<{ text: string; isShipped: boolean }>
  /** Null brings the shipped text back. */
  setLetter(text: string | null, act: Act): Promise<{ text: string; isShipped: boolean }>
  /** Withdraws what programs had in hand that are gone: nobody holds those codes. */
  withdrawAbandoned(): Promise<void>
  /** To be called before the folder closes: what this program has in hand goes with it. */
  close(): Promise<void>
}

export interface SheetServiceParts extends Omit<MakingParts, 'readPages'> {
  owner: SheetOwner
  /** Reads a file's codes back from its drawn pages; tests put one in that fails. */
  readBack?: typeof readBack
}

export function createSheetService(parts: SheetServiceParts): SheetService {
  const { db, time, settings, audit, owner } = parts
  const readPages = parts.readBack ?? readBack

  const currentLetter = async () => {
    const row = await readLetter(db)
    return { text: row?.text ?? shippedLetter, isShipped: row === undefined }
  }

  /** Ends what is live of a sheet's codes, in chunks, and says what became of the sheet. Can be run again after a crash. */
  const endSheet = async (sheet: Pick<SheetRow, 'id' | 'part'>, state: SheetState, act: Act): Promise<number> => {
    let withdrawn = 0
    for (const codeIds of chunksOf(await listCodeIds(db, sheet.id))) {
      withdrawn += await db
        .transaction()
        .execute(async (transaction) =>
          withdrawCodesById(transaction, audit, codeIds, await time.nowMs(transaction), act)
        )
    }
    await db.transaction().execute(async (transaction) => {
      await updateSheet(transaction, sheet.id, { state, owner: '' })
      await audit.append(transaction, await time.nowMs(transaction), {
        actor: act.actor,
        kind: state === 'failed' ? 'sheet.abandoned' : 'sheet.withdrawn',
        detail: { sheet: sheet.id, part: sheet.part, codes: withdrawn }
      })
    })
    return withdrawn
  }

  const prepare = async ({ selection, design, ...life }: SheetRequest, act: Act) => {
    const stock = findStock(design.stock)
    requireStart(stock, design.startAt)
    const policy = await settings.read()
    const nowMs = await time.peekMs(db)
    const expiresAtMs = expiryOf(life, policy, 'sheet', nowMs)
    return { stock, policy, nowMs, expiresAtMs, ...(await collectUsers(db, selection, nowMs, act)) }
  }

  const entriesOf = async (rows: SheetRow[]): Promise<SheetEntry[]> => {
    const counts = await countSheetCodes(
      db,
      rows.map(({ id }) => id),
      await time.peekMs(db)
    )
    return rows.map((row) => {
      const codes = counts.get(row.id)
      if (!codes) throw new Error(`sheet ${row.id} was not counted`)
      const labels = Object.values(codes).reduce((sum, count) => sum + count, 0)
      const { id, part, state, pages } = row
      return {
        id,
        part,
        state,
        pages,
        labels,
        codes,
        madeAtMs: row.made_at_ms,
        madeBy: row.made_by,
        expiresAtMs: row.expires_at_ms
      }
    })
  }

  const requireSheet = async (id: number): Promise<SheetRow> => {
    const sheet = await findSheet(db, id)
    if (sheet) return sheet
    throw new AppError('sheet-not-found', `There is no sheet ${id}. “provision sheets list” lists them all.`)
  }

  const service: SheetService = {
    async plan(request, act) {
      const { users, ...prepared } = await prepare(request, act)
      return planSheet({ ...prepared, users, design: request.design })
    },

    async make(request, act) {
      const { design } = request
      const { stock, policy, nowMs, expiresAtMs, users, skipped } = await prepare(request, act)
      if (users.length === 0) {
        const reason = skipped[0] ? `: ${skipped[0].reason}` : ''
        throw new AppError('nothing-done', `There is nobody to print for${reason}. No code was issued.`, { skipped })
      }
      requirePrintableModules(stock, policy, users)
      const { text: letterText } = await currentLetter()
      const id = await insertSheet(db, {
        made_at_ms: nowMs,
        made_by: act.actor,
        part: partOf(stock),
        design: JSON.stringify(design),
        state: 'making',
        owner: owner.name(),
        pages: 0,
        expires_at_ms: expiresAtMs
      })
      const about = { part: partOf(stock), stock, design, policy, users, letterText }
      const making: Making = { ...about, id, life: request, validForMs: expiresAtMs - nowMs, madeAtMs: nowMs }
      try {
        const filled = await fillSheet({ ...parts, readPages }, making, act)
        const [sheet] = await entriesOf([await requireSheet(id)])
        if (!sheet) throw new Error(`sheet ${id} was not written`)
        return {
          sheet,
          pdf: filled.pdf,
          paper: paperOf(stock),
          ...findNames(users),
          skipped: [...skipped, ...filled.skipped],
          stopped: null
        }
      } catch (error) {
        await endSheet(making, 'failed', act)
        throw error
      }
    },

    async keep(id) {
      const sheet = await requireSheet(id)
      if (sheet.state === 'offered') await updateSheet(db, id, { state: 'made', owner: '' })
    },

    async list({ beforeId, limit }) {
      return entriesOf(await listSheetRows(db, beforeId, limit))
    },

    async show(id, page) {
      const row = await requireSheet(id)
      const design = sheetDesign.parse(JSON.parse(row.design))
      const perPage = labelsAPage(findStock(design.stock))
      const labels = await listSheetLabels(db, id, page, await time.peekMs(db))
      const [sheet] = await entriesOf([row])
      if (!sheet) throw new Error(`sheet ${id} was not counted`)
      return {
        sheet,
        labels: labels.map((label) => ({
          position: label.position,
          page: Math.floor(label.position / perPage) + 1,
          username: label.username,
          name: label.name,
          isRemoved: label.removed_at_ms !== null,
          code: label.state,
          endedAtMs: label.ended_at_ms ?? (label.state === 'expired' ? label.expires_at_ms : null),
          expiresAtMs: label.expires_at_ms
        }))
      }
    },

    async withdraw(id, act) {
      const sheet = await requireSheet(id)
      if (sheet.state === 'making') {
        throw new AppError('changed-meanwhile', `Sheet ${id} is being made; cancel that instead.`)
      }
      return { withdrawn: await endSheet(sheet, 'withdrawn', act) }
    },

    async reissue({ id, startAt, ...life }, act) {
      const sheet = await requireSheet(id)
      const usernames = await listUnusedUsernames(db, id)
      if (usernames.length === 0) {
        throw new AppError('nothing-done', `Everybody of sheet ${id} has set up an app, or is no longer a user.`)
      }
      const design = { ...sheetDesign.parse(JSON.parse(sheet.design)), startAt }
      return service.make({ selection: { usernames }, design, ...life }, act)
    },

    async testPage(wanted, fit) {
      const stock = findStock(wanted)
      return { pdf: await drawTestPage(stock, fit), paper: paperOf(stock) }
    },

    letter: currentLetter,

    async setLetter(text, act) {
      const problem = text === null ? null : letterProblem(text)
      if (problem !== null) throw new AppError('invalid-input', `The letter ${problem}.`)
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        await writeLetter(transaction, text, nowMs)
        await audit.append(transaction, nowMs, {
          actor: act.actor,
          kind: 'letter.changed',
          detail: { isShipped: text === null }
        })
      })
      return currentLetter()
    },

    async withdrawAbandoned() {
      const unfinished = await listUnfinished(db)
      const gone = new Map<string, boolean>()
      for (const sheet of unfinished) {
        if (!gone.has(sheet.owner)) gone.set(sheet.owner, owner.isGone(sheet.owner))
        if (gone.get(sheet.owner)) await endSheet(sheet, 'failed', { actor: 'next start' })
      }
    },

    async close() {
      const name = owner.held()
      if (name === null) return
      const own = (await listUnfinished(db)).filter((sheet) => sheet.owner === name)
      for (const sheet of own) await endSheet(sheet, 'failed', { actor: 'end of the program' })
      owner.release()
    }
  }

  return service
}
