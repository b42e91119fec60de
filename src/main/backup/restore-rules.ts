import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import type { AuditHead } from '../../shared/backup.ts'
import { damageOf } from '../database/refusals.ts'
import { breathe, chunkRows, chunksOf, type Act } from '../act.ts'
import { usersDetail, type AuditLog } from '../audit/audit-log.ts'
import { withdrawCodes } from '../codes/code-withdrawal.ts'
import { timeSetRight } from '../audit/audit-store.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { deleteDevices } from '../devices/device-store.ts'
import { bringToNow, endLinks } from '../time/time-store.ts'

/**
 * What the database that goes is to the one that comes. `sequel`: of the same server, with a history of its own since the
 * backup. `earlier`: of the same server, and the backup goes on from where it ends. `stranger`: of another server, whose users
 * and devices are not these. `none`: there is none, or it cannot be read.
 */
export type Replaced = 'sequel' | 'earlier' | 'stranger' | 'none'

export interface Recognised {
  replaced: Replaced
  /** Where its log ended. */
  replacedHead: AuditHead | null
}

export interface Restoring {
  /** The database that comes; the one that goes is attached to it as `replaced`, unless there is none. */
  db: Db
  replaced: Replaced
  time: Timekeeper
  audit: AuditLog
  act: Act
  outcome: {
    withdrawnCodes: number
    voidedDevices: number
    returnedUsernames: string[]
    unread: string[]
  }
}

type Rule = (restoring: Restoring) => Promise<void>

/** Takes from the database that goes what a restore must not undo. Where it cannot be read, the rest is done without. */
const rulesOfReplaced: Rule[] = [keepTime, keepIds, keepLockouts, voidChangedDevices, findReturnedUsers]

/** Whatever a later version lets act by itself, such as a mail that waits to be sent, is stopped here. */
const rulesOfRestored: Rule[] = [withdrawLiveCodes, stopMails]

/** Makes the database of a backup fit to be used: what was used, ended or locked since must not live again. */
export async function applyRestoreRules(restoring: Restoring): Promise<void> {
  const { db, replaced, outcome } = restoring
  if (replaced === 'sequel') {
    for (const rule of rulesOfReplaced) {
      try {
        await rule(restoring)
      } catch (error) {
        if (!isUnreadable(error)) throw error
        outcome.unread.push(damageOf(error))
      }
    }
  }
  if (replaced !== 'none') await detachReplaced(db)
  for (const rule of rulesOfRestored) await rule(restoring)
}

/** An immediate transaction begins on every attached database, and fails with one that is damaged. */
export async function detachReplaced(db: Db): Promise<void> {
  await sql`detach database replaced`.execute(db)
}

/** The database that comes has just been checked from end to end, so this speaks of the one that goes. */
export function isUnreadable(error: unknown): error is Error {
  return (
    error instanceof BetterSqlite3.SqliteError &&
    /^SQLITE_(CORRUPT|NOTADB|ERROR$|CANTOPEN|IOERR_(SHORT_)?READ)/.test(error.code)
  )
}

export async function recogniseReplaced(db: Db): Promise<Recognised> {
  const old = db.withSchema('replaced')
  const keyOf = async (from: Db) =>
    (await from.selectFrom('server_state').select('key_check').executeTakeFirst())?.key_check
  const headOf = (from: Db) =>
    from.selectFrom('audit').select(['id', 'mac']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  const replacedHead = (await headOf(old)) ?? null
  if ((await keyOf(old)) !== (await keyOf(db))) return { replaced: 'stranger', replacedHead }
  if (!replacedHead) return { replaced: 'sequel', replacedHead }
  const last = await headOf(db)
  const sameRow = await db.selectFrom('audit').select('mac').where('id', '=', replacedHead.id).executeTakeFirst()
  // The chain makes a MAC speak for all that was written before it.
  const isEarlier = sameRow?.mac === replacedHead.mac && (last?.id ?? 0) > replacedHead.id
  return { replaced: isEarlier ? 'earlier' : 'sequel', replacedHead }
}

/** The time goes on as it did, and a time that was set right since the backup does not come back. */
async function keepTime({ db, time, audit, act }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`
      update server_state
      set high_water_ms = max(high_water_ms, (select high_water_ms from replaced.server_state))`.execute(transaction)
    const known =
      await sql`select 1 from pragma_table_info('server_state', 'replaced') where name = 'offset_ms'`.execute(
        transaction
      )
    // One that no newer version has opened yet.
    if (known.rows.length === 0) return
    const fromMs = await latestMs(transaction)
    const { rows: setRight } = await sql`
      select 1 from replaced.audit
      where ${timeSetRight} and id > (select coalesce(max(id), 0) from main.audit) limit 1`.execute(transaction)
    const isSetRight = setRight.length > 0
    await sql`
      update server_state
      set (high_water_ms, offset_ms, base_offset_ms, ahead_since_ms, machine, started_at_ms) = (
        select ${isSetRight ? sql.ref('high_water_ms') : fromMs}, offset_ms, base_offset_ms, ahead_since_ms, machine, started_at_ms
        from replaced.server_state)`.execute(transaction)
    if (!isSetRight) return
    const toMs = await time.nowMs(transaction)
    await endLinks(transaction, { fromMs, toMs })
    await transaction.deleteFrom('address_failures').execute()
    await bringToNow(transaction, toMs)
    const detail = { fromMs, toMs, reason: 'restored' }
    await audit.append(transaction, toMs, { actor: act.actor, kind: 'time.set-right', detail })
  })
}

async function latestMs(db: Db): Promise<number> {
  const row = await db.selectFrom('server_state').select('high_water_ms').executeTakeFirst()
  return row?.high_water_ms ?? 0
}

/** Ids given since the backup are not given again: links that were signed for a user would then speak of another one. */
async function keepIds({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`
      insert into sqlite_sequence (name, seq)
      select name, 0 from replaced.sqlite_sequence
      where name not in (select name from sqlite_sequence)
        and name in (select name from sqlite_schema where type = 'table')`.execute(transaction)
    await sql`
      update sqlite_sequence
      set seq = max(seq, (select o.seq from replaced.sqlite_sequence o where o.name = sqlite_sequence.name))
      where name in (select name from replaced.sqlite_sequence)`.execute(transaction)
  })
}

async function hasTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from replaced.sqlite_schema where type = 'table' and name = ${name}`.execute(db)
  return rows.length > 0
}

async function keepLockouts({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('lockouts').execute()
    await transaction.deleteFrom('guessers').execute()
    // Counted by name alone until an earlier version's database is opened, which drops those counts.
    if (!(await hasTable(transaction, 'guessers'))) return
    await sql`
      insert into lockouts
        (username_key, wrong_attempts, networks, window_ms, locks, slowed_until_ms, locked_until_ms, updated_at_ms)
      select username_key, wrong_attempts, networks, window_ms, locks, slowed_until_ms, locked_until_ms, updated_at_ms
      from replaced.lockouts`.execute(transaction)
    await sql`
      insert into guessers (username_key, network_key, wrong_attempts, locked_until_ms, updated_at_ms)
      select username_key, network_key, wrong_attempts, locked_until_ms, updated_at_ms
      from replaced.guessers`.execute(transaction)
  })
}

/**
 * A device stays where the database that goes has the very same one, at the same generation of strings, in use: one that was
 * set up, void, or given new strings since would bring old strings back, and so would one whose user was disabled or lost the
 * right to it meanwhile.
 */
async function voidChangedDevices(restoring: Restoring): Promise<void> {
  const { db, time, audit, act } = restoring
  let afterId = 0
  for (;;) {
    const { rows } = await sql<{ id: number; username: string }>`
      select u.id, u.username
      from devices d join users u on u.id = d.user_id join groups g on g.id = u.group_id
      where u.id > ${afterId} and not exists (
        select 1
        from replaced.devices od
          join replaced.users ou on ou.id = od.user_id
          join replaced.groups og on og.id = ou.group_id
        where od.user_id = d.user_id and od.id_hash = d.id_hash and od.generation = d.generation
          and (ou.disabled = 0 and ou.removed_at_ms is null and og.mobile_client = 1 or u.disabled = 1 or g.mobile_client = 0))
      order by u.id
      limit ${chunkRows}`.execute(db)
    const last = rows.at(-1)
    if (!last) return
    afterId = last.id
    await db.transaction().execute(async (transaction) => {
      await deleteDevices(
        transaction,
        rows.map(({ id }) => id)
      )
      await audit.append(transaction, await time.nowMs(transaction), {
        actor: act.actor,
        kind: 'devices.voided',
        user: rows.length === 1 ? last : undefined,
        detail: { reason: 'restored', ...usersDetail(rows) }
      })
    })
    restoring.outcome.voidedDevices += rows.length
    await breathe(act)
  }
}

/** The backup knows nothing of their leaving; an administrator has to be told. */
async function findReturnedUsers({ db, outcome }: Restoring): Promise<void> {
  // An id may since have been given to another person, after an earlier restore; the moment tells them apart.
  const { rows } = await sql<{ username: string }>`
    select u.username
    from users u join replaced.users o on o.id = u.id and o.created_at_ms = u.created_at_ms
    where u.removed_at_ms is null and u.disabled = 0 and (o.removed_at_ms is not null or o.disabled = 1)
    order by u.username_key`.execute(db)
  outcome.returnedUsernames = rows.map(({ username }) => username)
}

/** Whether a mail that waited in the backup has gone out since is not to be told from it: none goes out by itself. */
async function stopMails({ db, time, audit, act }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    const { numUpdatedRows } = await transaction
      .updateTable('mails')
      .set({
        state: 'unknown',
        sealed: null,
        response: 'A backup was restored while this mail was waiting; it may or may not have been sent since.',
        updated_at_ms: nowMs
      })
      .where('state', 'in', ['queued', 'sending', 'deferred'])
      .executeTakeFirstOrThrow()
    await transaction.deleteFrom('mail_lease').execute()
    await transaction
      .updateTable('mail_batches')
      .set({ state: 'cancelled', ended_at_ms: nowMs, note: null, next_try_at_ms: null, counts: null })
      .where('ended_at_ms', 'is', null)
      .execute()
    if (Number(numUpdatedRows) === 0) return
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'mail.unknown',
      detail: { reason: 'restored', mails: Number(numUpdatedRows) }
    })
  })
}

/** Which codes were used, and which handed out, since the backup is not to be told from it: none of them lives on. */
async function withdrawLiveCodes({ db, time, audit, act, outcome }: Restoring): Promise<void> {
  const users = await db
    .selectFrom('codes')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select(['users.id', 'users.username'])
    .where('codes.state', '=', 'live')
    .orderBy('users.id')
    .execute()
  for (const rows of chunksOf(users)) {
    outcome.withdrawnCodes += await db
      .transaction()
      .execute(async (transaction) => withdrawCodes(transaction, audit, rows, await time.nowMs(transaction), act))
    await breathe(act)
  }
}
