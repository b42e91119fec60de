import { sql, type Selectable } from 'kysely'
import type { SheetState } from '../../shared/sheet.ts'
import { codeStates, type CodeState } from '../../shared/user.ts'
import type { Db, SheetsTable } from '../store/schema.ts'

export type SheetRow = Selectable<SheetsTable>

export async function insertSheet(db: Db, row: Omit<SheetRow, 'id'>): Promise<number> {
  const { id } = await db.insertInto('sheets').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateSheet(db: Db, id: number, change: Partial<Omit<SheetRow, 'id'>>): Promise<void> {
  await db.updateTable('sheets').set(change).where('id', '=', id).execute()
}

export async function findSheet(db: Db, id: number): Promise<SheetRow | undefined> {
  return db.selectFrom('sheets').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listSheetRows(db: Db, beforeId: number | null, limit: number): Promise<SheetRow[]> {
  return db
    .selectFrom('sheets')
    .selectAll()
    .$if(beforeId !== null, (query) => query.where('id', '<', beforeId ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Sheets that somebody makes or has in hand, neither printed nor saved. */
export async function listUnfinished(db: Db): Promise<SheetRow[]> {
  const unfinished: SheetState[] = ['making', 'offered']
  return db.selectFrom('sheets').selectAll().where('state', 'in', unfinished).execute()
}

/** At most 500. */
export async function insertSheetCodes(
  db: Db,
  sheetId: number,
  codes: { position: number; codeId: number }[]
): Promise<void> {
  if (codes.length === 0) return
  const rows = codes.map(({ position, codeId }) => ({ sheet_id: sheetId, position, code_id: codeId }))
  await db.insertInto('sheet_codes').values(rows).execute()
}

export async function listCodeIds(db: Db, sheetId: number): Promise<number[]> {
  const rows = await db.selectFrom('sheet_codes').select('code_id').where('sheet_id', '=', sheetId).execute()
  return rows.map((row) => row.code_id)
}

const stateNow = (nowMs: number) =>
  sql<CodeState>`case when codes.state = 'live' and codes.expires_at_ms <= ${nowMs} then 'expired' else codes.state end`

const noCodes = () => Object.fromEntries(codeStates.map((state) => [state, 0])) as Record<CodeState, number>

/** By sheet, how many of its codes are in each state. */
export async function countSheetCodes(
  db: Db,
  sheetIds: number[],
  nowMs: number
): Promise<Map<number, Record<CodeState, number>>> {
  const counts = new Map(sheetIds.map((id) => [id, noCodes()]))
  if (sheetIds.length === 0) return counts
  const state = stateNow(nowMs)
  const rows = await db
    .selectFrom('sheet_codes')
    .innerJoin('codes', 'codes.id', 'sheet_codes.code_id')
    .select((eb) => ['sheet_codes.sheet_id', state.as('state'), eb.fn.countAll<number>().as('codes')])
    .where('sheet_codes.sheet_id', 'in', sheetIds)
    .groupBy(['sheet_codes.sheet_id', state])
    .execute()
  for (const row of rows) {
    const count = counts.get(row.sheet_id)
    if (count) count[row.state] = row.codes
  }
  return counts
}

export interface SheetLabelRow {
  position: number
  user_id: number
  username: string
  name: string
  removed_at_ms: number | null
  state: CodeState
  expires_at_ms: number
  ended_at_ms: number | null
}

/** What was printed on a sheet and what became of it, in the order of the labels. */
export async function listSheetLabels(
  db: Db,
  sheetId: number,
  page: { afterPosition: number; limit: number; state: CodeState | null },
  nowMs: number
): Promise<SheetLabelRow[]> {
  const state = stateNow(nowMs)
  return db
    .selectFrom('sheet_codes')
    .innerJoin('codes', 'codes.id', 'sheet_codes.code_id')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select([
      'sheet_codes.position',
      'codes.user_id',
      'users.username',
      'users.name',
      'users.removed_at_ms',
      state.as('state'),
      'codes.expires_at_ms',
      'codes.ended_at_ms'
    ])
    .where('sheet_codes.sheet_id', '=', sheetId)
    .where('sheet_codes.position', '>', page.afterPosition)
    .$if(page.state !== null, (query) => query.where(state, '=', page.state ?? 'none'))
    .orderBy('sheet_codes.position')
    .limit(page.limit)
    .execute()
}

/** Whoever did not set up an app with the sheet's code, nor by another way since it was made. */
export async function listUnusedUsernames(db: Db, sheetId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sheet_codes')
    .innerJoin('codes', 'codes.id', 'sheet_codes.code_id')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select('users.username')
    .where('sheet_codes.sheet_id', '=', sheetId)
    .where('codes.state', '!=', 'used')
    .where('users.removed_at_ms', 'is', null)
    .where((eb) =>
      eb.or([
        eb('users.provisioned_at_ms', 'is', null),
        eb('users.app_state', '=', 'none'),
        eb('users.provisioned_at_ms', '<', eb.ref('codes.issued_at_ms'))
      ])
    )
    .orderBy('sheet_codes.position')
    .execute()
  return rows.map(({ username }) => username)
}

export async function readLetter(db: Db): Promise<{ text: string; updated_at_ms: number } | undefined> {
  return db.selectFrom('sheet_letter').select(['text', 'updated_at_ms']).where('id', '=', 1).executeTakeFirst()
}

export async function writeLetter(db: Db, text: string | null, nowMs: number): Promise<void> {
  await db.deleteFrom('sheet_letter').where('id', '=', 1).execute()
  if (text !== null) await db.insertInto('sheet_letter').values({ id: 1, text, updated_at_ms: nowMs }).execute()
}
