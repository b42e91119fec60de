import { AppError } from '../../../shared/errors.ts'
import type { ImportColumn, ImportReading, ImportRejection, ImportReport } from '../../../shared/user.ts'
import { createPace, stoppedByCaller, stopReason, type Act } from '../../system/operation.ts'
import type { AuditLog } from '../../store/audit-chain.ts'
import type { Db } from '../../store/schema.ts'
import type { Timekeeper } from '../../store/time.ts'
import { foldCase } from '../../system/fold-case.ts'
import { checkGroupName, createGroup, firstGroupName } from '../../groups/group-service.ts'
import { findGroup, listGroupRows } from '../../groups/group-store.ts'
import { forEachChunk } from '../selection.ts'
import { disableUsers } from '../user-changes.ts'
import { checkUserRow, detectReading, readUserCsv, type ImportedUser } from './user-csv.ts'
import { composeRow } from '../user-service.ts'
import {
  findUserByKey,
  findUsersByKeys,
  insertUsers,
  updateUser,
  type NewUserRow,
  type UserRow
} from '../user-store.ts'
import { emailWarning } from '../user-rules.ts'
import { rejectTwins } from '../import-twins.ts'
import { usernameLook } from '../username-twins.ts'

export interface ImportOptions {
  mapping?: ImportReading['mapping'] | undefined
  delimiter?: ImportReading['delimiter'] | undefined
  /** Reports what would happen and writes nothing. */
  dryRun: boolean
  /** Without it one bad line means that nothing is written. */
  skipBad: boolean
  createGroups: boolean
  /** The users of this group whom the file does not name are disabled. */
  disableMissing?: string | undefined
}

export interface ImportService {
  read(content: Uint8Array, options: Pick<ImportOptions, 'delimiter'>): Promise<ImportReading>
  /**
   * Checks every line before the first is written; then writes in chunks, each of them whole. A cancelled or interrupted
   * import keeps the chunks it has written, and the same file again goes on from there.
   */
  import(content: Uint8Array, options: ImportOptions, act: Act): Promise<ImportReport>
}

interface CheckedLine {
  line: number
  key: string
  /** See `usernameLook`. */
  look: string
  user: ImportedUser
}

/** What an import makes of one line. */
interface Change {
  kind: 'added' | 'updated' | 'unchanged'
  row: NewUserRow
  id: number | null
}

export function createImportService(db: Db, time: Timekeeper, audit: AuditLog): ImportService {
  return {
    read: (content, { delimiter }) => detectReading(content, delimiter ? { delimiter } : {}),

    async import(content, options, act) {
      const leaving = options.disableMissing === undefined ? null : await requireGroup(db, options.disableMissing)
      const groups = await groupIds(db)
      const { lines, rejected, warnings, named, hasNameless } = await checkLines(db, content, options, groups)
      if (leaving && named.size === 0) {
        throw new AppError(
          'import-unreadable',
          `The file names nobody, so everybody in “${leaving.name}” would be disabled.`
        )
      }
      const missing = checkGroups(lines, groups, options, rejected)
      const twins = await rejectTwins(db, lines, rejected)
      const isBad = (line: number) => missing.rejectedLines.has(line) || twins.has(line)
      const good = missing.rejectedLines.size + twins.size === 0 ? lines : lines.filter(({ line }) => !isBad(line))
      rejected.sort((a, b) => a.line - b.line)

      const counts = { added: 0, updated: 0, unchanged: 0, disabled: 0 }
      let leavers: string[] = []
      const report = (written: boolean, stopped: string | null = null): ImportReport => ({
        ...counts,
        rejected,
        warnings,
        createdGroups: written || options.dryRun ? missing.toCreate : [],
        leavers,
        hasNameless,
        written,
        stopped
      })
      // A line whose user cannot be told would make a leaver of somebody who is still there.
      const mayLeaveOut = options.skipBad && !(leaving && hasNameless)
      if (rejected.length > 0 && !mayLeaveOut && !options.dryRun) return report(false)

      // The file may have been long in reading.
      if (act.signal?.aborted) return report(false, stoppedByCaller)
      const pace = createPace()
      let done = 0
      for (const chunk of pace.chunksOf(good)) {
        try {
          const changes = options.dryRun
            ? await compare(db, chunk, withPlaceholders(groups, missing.toCreate))
            : await writeChunk(chunk, missing.toCreate, act)
          for (const { kind } of changes) counts[kind] += 1
        } catch (error) {
          if (done === 0) throw error
          return report(!options.dryRun, stopReason(error))
        }
        done += chunk.length
        act.onProgress?.(done, good.length)
        if ((await pace.breathe(act)) && done < good.length) return report(!options.dryRun, stoppedByCaller)
      }
      if (!leaving) return report(!options.dryRun)

      const isMissing = (row: UserRow) => row.disabled === 0 && !named.has(row.username_key)
      const filter = { group: leaving.name, disabled: false }
      const quietly = { ...act, onProgress: undefined }
      const outcome = await forEachChunk(db, { filter }, await time.peekMs(db), quietly, async (rows) => {
        const gone = rows.filter(isMissing)
        const disabled =
          gone.length === 0 || options.dryRun
            ? gone
            : await db
                .transaction()
                .execute(async (transaction) =>
                  disableUsers(transaction, audit, gone, await time.nowMs(transaction), act)
                )
        counts.disabled += disabled.length
        leavers = [...leavers, ...disabled.map(({ username }) => username)]
          .toSorted((one, other) => (foldCase(one) < foldCase(other) ? -1 : 1))
          .slice(0, mostLeaversNamed)
      })
      return report(!options.dryRun, outcome.stopped)
    }
  }

  async function writeChunk(chunk: CheckedLine[], newGroups: string[], act: Act): Promise<Change[]> {
    return db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      const groups = await groupIds(transaction)
      for (const name of newGroups) {
        if (!groups.has(foldCase(name))) {
          groups.set(foldCase(name), await createGroup(transaction, audit, nowMs, { name }, act))
        }
      }
      const changes = await compare(transaction, chunk, groups)
      const added = changes.filter(({ kind }) => kind === 'added')
      const updated = changes.filter(({ kind }) => kind === 'updated')
      await insertUsers(
        transaction,
        added.map(({ row }) => row),
        nowMs
      )
      for (const { id, row } of updated) {
        if (id !== null) await updateUser(transaction, id, row, nowMs)
      }
      if (added.length + updated.length > 0) {
        const names = (of: Change[]) => of.map(({ row }) => row.username)
        const detail = { added: names(added), updated: names(updated) }
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'users.imported', detail })
      }
      return changes
    })
  }
}

/** More than anybody reads through; the count says how many there are. */
const mostLeaversNamed = 1000

async function requireGroup(db: Db, name: string): Promise<{ name: string }> {
  const group = await findGroup(db, foldCase(name.trim()))
  if (!group) throw new AppError('group-not-found', `There is no group “${name}”.`)
  return group
}

/** Nobody mends more lines than that by hand, and a file of rubbish must not fill the memory. */
const mostRejections = 100_000

/** Nobody reads more of them. */
const maxWarnings = 10_000

/** Reads and checks the file: what is wrong with it, but for groups and users that look like others. */
async function checkLines(
  db: Db,
  content: Uint8Array,
  { mapping, delimiter }: ImportOptions,
  groups: ReadonlyMap<string, number>
): Promise<{
  lines: CheckedLine[]
  rejected: ImportRejection[]
  warnings: ImportRejection[]
  /** Keys of the users that some line names, a rejected one too. */
  named: Set<string>
  /** Whether a rejected line does not say of whom it speaks. */
  hasNameless: boolean
}> {
  const lines: CheckedLine[] = []
  const named = new Set<string>()
  let hasNameless = false
  const rejected: ImportRejection[] = []
  const warnings: ImportRejection[] = []
  const firstLineOf = new Map<string, number>()
  for await (const row of readUserCsv(content, { ...(mapping && { mapping }), ...(delimiter && { delimiter }) })) {
    if (rejected.length > mostRejections) {
      throw new AppError(
        'import-unreadable',
        `More than ${mostRejections.toLocaleString('en')} problems by line ${row.line}: this is hardly a list of users. Look at its delimiter and its columns.`
      )
    }
    if ('rejection' in row) {
      rejected.push(row.rejection)
      hasNameless = true
      continue
    }
    const checked = await checkRow(db, row, groups)
    if ('rejections' in checked) {
      rejected.push(...checked.rejections)
      if (checked.rejections.some(({ column }) => column === 'username')) hasNameless = true
      else named.add(foldCase(row.fields.username ?? ''))
      continue
    }
    const key = foldCase(checked.user.username)
    const earlier = firstLineOf.get(key)
    if (earlier !== undefined) {
      rejected.push({ line: row.line, column: 'username', reason: `is the same user as on line ${earlier}` })
      continue
    }
    firstLineOf.set(key, row.line)
    named.add(key)
    lines.push({ line: row.line, key, look: usernameLook(key), user: checked.user })
    const warning = emailWarning(checked.user.email ?? '')
    if (warning !== null && warnings.length < maxWarnings) {
      warnings.push({ line: row.line, column: 'email', reason: warning })
    }
  }
  return { lines, rejected, warnings, named, hasNameless }
}

/** A value that the user has already is left as it is, whatever today's rules say of it. */
async function checkRow(
  db: Db,
  row: { line: number; fields: Partial<Record<ImportColumn, string>> },
  groups: ReadonlyMap<string, number>
) {
  const checked = checkUserRow(row)
  if ('user' in checked) return checked
  const before = await findUserByKey(db, foldCase(row.fields.username ?? ''))
  const group = row.fields.group ?? ''
  const kept = { ...before, ...(groups.has(foldCase(group)) && { group }) }
  return checkUserRow(row, kept)
}

/** Rejects lines whose group does not exist and is not to be created; names the groups to create, each once. */
function checkGroups(
  lines: CheckedLine[],
  groups: Map<string, number>,
  options: ImportOptions,
  rejected: ImportRejection[]
): { toCreate: string[]; rejectedLines: Set<number> } {
  const toCreate = new Map<string, string>()
  const rejectedLines = new Set<number>()
  const reject = (line: number, reason: string) => {
    rejected.push({ line, column: 'group', reason })
    rejectedLines.add(line)
  }
  // By name as it is written: a file names few groups, each on many lines.
  const fine = new Set([''])
  for (const { line, user } of lines) {
    const name = user.group ?? ''
    if (fine.has(name)) continue
    if (groups.has(foldCase(name)) || toCreate.has(foldCase(name))) {
      fine.add(name)
      continue
    }
    const checked = checkGroupName(name)
    if ('reason' in checked) reject(line, checked.reason)
    else if (options.createGroups) toCreate.set(foldCase(name), checked.value)
    else reject(line, `there is no group “${name}”`)
  }
  return { toCreate: [...toCreate.values()], rejectedLines }
}

/** Compares a chunk with the users there are. A column that the file lacks leaves a user's value as it is. */
async function compare(db: Db, chunk: CheckedLine[], groups: Map<string, number>): Promise<Change[]> {
  const existing = await findUsersByKeys(
    db,
    chunk.map(({ key }) => key)
  )
  return chunk.map(({ key, user }) => {
    const before = existing.get(key)
    const row = composeRow({
      username: user.username,
      name: user.name ?? before?.name ?? '',
      email: user.email ?? before?.email ?? '',
      phone: user.phone ?? before?.phone ?? '',
      groupId: groupIdOf(user.group ?? '', before, groups)
    })
    if (!before) return { kind: 'added', row, id: null }
    return { kind: isSame(row, before) ? 'unchanged' : 'updated', row, id: before.id }
  })
}

function groupIdOf(name: string, before: UserRow | undefined, groups: Map<string, number>): number {
  if (name === '' && before) return before.group_id
  const id =
    groups.get(foldCase(name === '' ? firstGroupName : name)) ?? (name === '' ? [...groups.values()][0] : undefined)
  if (id === undefined)
    throw new AppError('group-not-found', `The group “${name}” was removed during the import. Import again.`)
  return id
}

function isSame(row: NewUserRow, before: UserRow): boolean {
  return (
    row.username === before.username &&
    row.name === before.name &&
    row.email === before.email &&
    row.phone === before.phone &&
    row.group_id === before.group_id
  )
}

async function groupIds(db: Db): Promise<Map<string, number>> {
  return new Map((await listGroupRows(db)).map(({ name_key, id }) => [name_key, id]))
}

/** For a dry run: groups that would be created count as there, under ids that no group has. */
function withPlaceholders(groups: Map<string, number>, toCreate: string[]): Map<string, number> {
  return new Map([...groups, ...toCreate.map((name, index) => [foldCase(name), -1 - index] as const)])
}
