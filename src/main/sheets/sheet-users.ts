import type { SkippedUser } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import { mostLabels } from '../../shared/sheet.ts'
import type { CodeState, UserSelection } from '../../shared/user.ts'
import type { Act } from '../system/operation.ts'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import { listGroupRows } from '../groups/group-store.ts'
import { forEachChunk } from '../users/selection.ts'
import type { UserRow } from '../users/user-store.ts'

export type { UserRow } from '../users/user-store.ts'

export const codeStateOfUser = ({ code_state, code_expires_at_ms }: UserRow, nowMs: number): CodeState =>
  code_state === 'live' && code_expires_at_ms !== null && code_expires_at_ms <= nowMs ? 'expired' : code_state

/**
 * Whoever of a selection gets a label, in the order in which labels are printed: names as they were given, or else by name, as
 * sheets are handed out. The others are left out with a reason. Throws `sheet-too-long` and `cancelled`.
 */
export async function collectUsers(
  db: Db,
  selection: UserSelection,
  nowMs: number,
  act: Act
): Promise<{ users: (UserRow & { group: string })[]; skipped: SkippedUser[] }> {
  const groups = new Map((await listGroupRows(db)).map((group) => [group.id, group]))
  const users: (UserRow & { group: string })[] = []
  const quiet: Act = { actor: act.actor, signal: act.signal }
  const { skipped, stopped } = await forEachChunk(db, selection, nowMs, quiet, async (rows, skip) => {
    for (const row of rows) {
      const group = groups.get(row.group_id)
      if (row.disabled === 1) skip(row.username, 'the user is disabled')
      else if (group?.mobile_client === 0) skip(row.username, 'the group may not use a Mobile Client')
      else users.push({ ...row, group: group?.name ?? '' })
    }
    if (users.length > mostLabels) {
      throw new AppError(
        'sheet-too-long',
        `A sheet has at most ${mostLabels.toLocaleString('en')} labels; print the users group by group.`
      )
    }
  })
  if (stopped !== null) throw new AppError('cancelled', 'Nothing was printed: it was cancelled.')
  return { users: inPrintOrder(users, selection), skipped }
}

function inPrintOrder<Row extends UserRow>(users: Row[], selection: UserSelection): Row[] {
  if ('usernames' in selection) {
    const places = new Map(selection.usernames.map((name, index) => [foldCase(name.normalize('NFC').trim()), index]))
    return users.toSorted((a, b) => (places.get(a.username_key) ?? 0) - (places.get(b.username_key) ?? 0))
  }
  const { compare } = new Intl.Collator('en', { sensitivity: 'base', numeric: true })
  return users.toSorted((a, b) => compare(a.name || a.username, b.name || b.username) || a.id - b.id)
}
