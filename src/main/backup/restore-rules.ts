import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import type { AuditHead } from '../../shared/backup.ts'
import { newestVersion } from '../store/migrations.ts'
import { damageOf } from '../store/sqlite/refusals.ts'
import { breathe, chunkRows, chunksOf, type Act } from '../system/operation.ts'
import { usersDetail, type AuditLog } from '../store/audit-chain.ts'
import { withdrawCodes } from '../codes/revoke.ts'
import { timeSetRight } from '../audit/audit-store.ts'
import type { Db, Tables } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { deleteDevices } from '../provisioning/device-store.ts'
import { bringToNow, endLinks as endLinksAt } from '../time/time-store.ts'

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
    endedLinks: number
    voidedDevices: number
    returnedUsernames: string[]
    unread: string[]
  }
}

type Rule = (restoring: Restoring) => Promise<void>

interface TableRule {
  /** What the database that goes knows and a restore must not undo. Where it cannot be read, the rest is done without. */
  fromReplaced?: Rule
  /** What is ended in every backup, as it cannot be told what became of it since. */
  always?: Rule
}

const asBackedUp: TableRule = {}

/** What a restore does with the rows of each table, in this order. Every table has a rule, so that a new one is decided on. */
export const tableRules: Record<keyof Tables | 'sqlite_sequence', TableRule> = {
  server_state: { fromReplaced: keepTime },
  sqlite_sequence: { fromReplaced: keepIds },
  settings: asBackedUp,
  groups: asBackedUp,
  lockouts: { fromReplaced: keepLockouts },
  guessers: { fromReplaced: keepGuessers },
  address_failures: { fromReplaced: keepAddressFailures },
  devices: { fromReplaced: voidChangedDevices },
  users: { fromReplaced: findReturnedUsers },
  reprovision_links: { fromReplaced: keepLinks, always: endLinks },
  codes: { always: withdrawLiveCodes },
  mails: { always: stopMails },
  mail_batches: { always: cancelBatches },
  mail_lease: { always: dropLease },
  mail_contents: asBackedUp,
  templates: asBackedUp,
  sheets: { always: withdrawUnfinishedSheets },
  sheet_codes: asBackedUp,
  sheet_letter: asBackedUp,
  own_addresses: { always: forgetUnconfirmedAddresses },
  audit: asBackedUp,
  audit_users: asBackedUp,
  audit_checkpoint: asBackedUp
}

/** Makes the database of a backup fit to be used: what was used, ended or locked since must not live again. */
export async function applyRestoreRules(restoring: Restoring): Promise<void> {
  const { db, replaced, outcome } = restoring
  if (replaced === 'sequel') {
    for (const [table, { fromReplaced }] of Object.entries(tableRules)) {
      try {
        if (fromReplaced && !(await isNewerThanReplaced(db, table))) await fromReplaced(restoring)
      } catch (error) {
        if (!isUnreadable(error)) throw error
        outcome.unread.push(damageOf(error))
      }
    }
  }
  if (replaced !== 'none') await detachReplaced(db)
  for (const { always } of Object.values(tableRules)) await always?.(restoring)
}

/** A database of an older schema lacks a later table without being damaged. */
async function isNewerThanReplaced(db: Db, table: string): Promise<boolean> {
  const { rows: versions } = await sql<{ user_version: number }>`pragma replaced.user_version`.execute(db)
  if ((versions[0]?.user_version ?? 0) >= newestVersion) return false
  return !(await hasReplacedTable(db, table))
}

async function hasReplacedTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from replaced.sqlite_schema where type = 'table' and name = ${name}`.execute(db)
  return rows.length > 0
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
    await endLinksAt(transaction, { fromMs, toMs })
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

async function keepLockouts({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('lockouts').execute()
    // Counted by name alone until an earlier version's database is opened, which drops those counts.
    if (!(await hasReplacedTable(transaction, 'guessers'))) return
    await sql`
      insert into lockouts
        (username_key, wrong_attempts, networks, window_ms, locks, slowed_until_ms, locked_until_ms, updated_at_ms)
      select username_key, wrong_attempts, networks, window_ms, locks, slowed_until_ms, locked_until_ms, updated_at_ms
      from replaced.lockouts`.execute(transaction)
  })
}

/** A number that was mailed before the backup confirms nothing any more, and its tries do not begin anew. */
async function forgetUnconfirmedAddresses({ db }: Restoring): Promise<void> {
  await db.updateTable('own_addresses').set({ pending: null, sealed_number: null, tries_left: 0 }).execute()
}

async function keepGuessers({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('guessers').execute()
    await sql`
      insert into guessers (username_key, network_key, wrong_attempts, locked_until_ms, updated_at_ms)
      select username_key, network_key, wrong_attempts, locked_until_ms, updated_at_ms
      from replaced.guessers`.execute(transaction)
  })
}

/** An address that was refused a moment ago is not let in again by a restore. */
async function keepAddressFailures({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('address_failures').execute()
    await sql`
      insert into address_failures (address_key, username_key, at_ms)
      select address_key, username_key, at_ms from replaced.address_failures`.execute(transaction)
  })
}

/**
 * Links given or used since the backup: their user is told that the link was used or has ended, not that it never was, and
 * they count for how often a user may ask for one.
 */
async function keepLinks({ db }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`
      update reprovision_links as l
      set used_at_ms = (select o.used_at_ms from replaced.reprovision_links o where o.token_hash = l.token_hash)
      where used_at_ms is null`.execute(transaction)
    await sql`
      insert into reprovision_links (user_id, token_hash, created_at_ms, expires_at_ms, used_at_ms)
      select o.user_id, o.token_hash, o.created_at_ms, o.expires_at_ms, o.used_at_ms
      from replaced.reprovision_links o
        join replaced.users ou on ou.id = o.user_id
        join users u on u.id = ou.id and u.created_at_ms = ou.created_at_ms
      where o.token_hash not in (select token_hash from reprovision_links)
      order by o.id`.execute(transaction)
  })
}

/** Whether a link was used since the backup is not to be told from it: none of them leads to a code any more. */
async function endLinks({ db, time, outcome }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    const { numUpdatedRows } = await transaction
      .updateTable('reprovision_links')
      .set({ expires_at_ms: nowMs })
      .where('used_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirstOrThrow()
    outcome.endedLinks = Number(numUpdatedRows)
  })
}

/** The program that had these in hand is not the one that restores, and their codes end with all others. */
async function withdrawUnfinishedSheets({ db }: Restoring): Promise<void> {
  await db.updateTable('sheets').set({ state: 'withdrawn' }).where('state', 'in', ['making', 'offered']).execute()
  await db.updateTable('sheets').set({ owner: '' }).execute()
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
    // What a failed one said can no longer be sent either: its code or link has ended.
    await transaction.updateTable('mails').set({ sealed: null }).where('sealed', 'is not', null).execute()
    if (Number(numUpdatedRows) === 0) return
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'mail.unknown',
      detail: { reason: 'restored', mails: Number(numUpdatedRows) }
    })
  })
}

async function cancelBatches({ db, time }: Restoring): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('mail_batches')
      .set({
        state: 'cancelled',
        ended_at_ms: await time.nowMs(transaction),
        note: null,
        next_try_at_ms: null,
        counts: null
      })
      .where('ended_at_ms', 'is', null)
      .execute()
  })
}

async function dropLease({ db }: Restoring): Promise<void> {
  await db.deleteFrom('mail_lease').execute()
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
