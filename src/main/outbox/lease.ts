import { hostname } from 'node:os'
import { sql } from 'kysely'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'

/** The name under which a program holds the lease: it tells others on this machine whether the program still runs. */
export function createHolder(random: Random): string {
  return `${process.pid}@${hostname()}/${random.bytes(12).toString('hex')}`
}

/**
 * Whether the program that held the lease is known to be gone, so that nobody has to wait for the lease to end. One of another
 * machine, or of another container, is never known to be.
 */
export function isHolderGone(holder: string): boolean {
  const [, pid, host] = /^(\d+)@(.*)\/[0-9a-f]+$/s.exec(holder) ?? []
  if (pid === undefined || host !== hostname()) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Takes the lease for the holder, or lengthens it; false when another one holds it. */
export async function takeLease(
  db: Db,
  holder: string,
  nowMs: number,
  untilMs: number
): Promise<{ isMine: boolean; isNew: boolean }> {
  const row = await db.selectFrom('mail_lease').selectAll().executeTakeFirst()
  if (row?.holder === holder) {
    await db.updateTable('mail_lease').set({ until_ms: untilMs }).execute()
    return { isMine: true, isNew: false }
  }
  if (row && row.until_ms > nowMs && !isHolderGone(row.holder)) return { isMine: false, isNew: false }
  await sql`insert into mail_lease (id, holder, until_ms) values (1, ${holder}, ${untilMs})
    on conflict (id) do update set holder = excluded.holder, until_ms = excluded.until_ms`.execute(db)
  return { isMine: true, isNew: true }
}

export async function dropLease(db: Db, holder: string): Promise<void> {
  await db.deleteFrom('mail_lease').where('holder', '=', holder).execute()
}

export async function isLeased(db: Db, nowMs: number): Promise<boolean> {
  const row = await db.selectFrom('mail_lease').selectAll().executeTakeFirst()
  return row !== undefined && row.until_ms > nowMs && !isHolderGone(row.holder)
}

/** Whether the holder has the lease or could take it now. */
export async function isLeaseFree(db: Db, holder: string, nowMs: number): Promise<boolean> {
  const row = await db.selectFrom('mail_lease').selectAll().executeTakeFirst()
  return !row || row.holder === holder || row.until_ms <= nowMs || isHolderGone(row.holder)
}
