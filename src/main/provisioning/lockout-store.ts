import { runFixed } from '../store/fixed-statement.ts'
import type { Db } from '../store/schema.ts'

/** What stands against one network's attempts for one name. */
export interface StandingRow {
  /** Of the name; null where nobody has guessed. */
  slowed_until_ms: number | null
  /** Of the network for this name; null where it has not guessed. */
  locked_until_ms: number | null
  guessed_at_ms: number | null
}

export async function findStanding(db: Db, usernameKey: string, networkKey: string): Promise<StandingRow | undefined> {
  const [row] = await runFixed<StandingRow>(
    db,
    `select lockouts.slowed_until_ms, guessers.locked_until_ms, guessers.updated_at_ms as guessed_at_ms
     from lockouts
       left join guessers on guessers.username_key = lockouts.username_key and guessers.network_key = ?
     where lockouts.username_key = ?`,
    [networkKey, usernameKey]
  )
  return row
}

/** One more for this network, from one where its last is older than `forgottenBeforeMs`. Returns how many there are now. */
export async function countForNetwork(
  db: Db,
  guess: { usernameKey: string; networkKey: string; nowMs: number; forgottenBeforeMs: number }
): Promise<number> {
  const [row] = await runFixed<{ wrong_attempts: number }>(
    db,
    `insert into guessers (username_key, network_key, wrong_attempts, locked_until_ms, updated_at_ms)
     values (?, ?, 1, 0, ?)
     on conflict (username_key, network_key) do update set
       wrong_attempts = case when guessers.updated_at_ms < ? then 1 else guessers.wrong_attempts + 1 end,
       updated_at_ms = excluded.updated_at_ms
     returning wrong_attempts`,
    [guess.usernameKey, guess.networkKey, guess.nowMs, guess.forgottenBeforeMs]
  )
  return row?.wrong_attempts ?? 1
}

/**
 * One more for the name. A network counts once in a window: it does where its guess before this one, at `guessedBeforeMs`, lies
 * before the window's start.
 */
export async function countForName(
  db: Db,
  guess: {
    usernameKey: string
    guessedBeforeMs: number
    nowMs: number
    forgottenBeforeMs: number
    /** Windows that began at this time or earlier are over. */
    windowOverMs: number
  }
): Promise<{ wrong_attempts: number; networks: number; locks: number }> {
  const { usernameKey, guessedBeforeMs, nowMs, forgottenBeforeMs, windowOverMs } = guess
  const [row] = await runFixed<{ wrong_attempts: number; networks: number; locks: number }>(
    db,
    `insert into lockouts
       (username_key, wrong_attempts, networks, window_ms, locks, slowed_until_ms, locked_until_ms, updated_at_ms)
     values (?, 1, 1, ?, 0, 0, 0, ?)
     on conflict (username_key) do update set
       wrong_attempts = case when lockouts.updated_at_ms < ? then 1 else lockouts.wrong_attempts + 1 end,
       locks = case when lockouts.updated_at_ms < ? then 0 else lockouts.locks end,
       networks = case
         when lockouts.window_ms <= ? then 1
         when lockouts.window_ms > ? then lockouts.networks + 1
         else lockouts.networks end,
       window_ms = case when lockouts.window_ms <= ? then excluded.window_ms else lockouts.window_ms end,
       updated_at_ms = excluded.updated_at_ms
     returning wrong_attempts, networks, locks`,
    [usernameKey, nowMs, nowMs, forgottenBeforeMs, forgottenBeforeMs, windowOverMs, guessedBeforeMs, windowOverMs]
  )
  return row ?? { wrong_attempts: 1, networks: 1, locks: 0 }
}

/** The network waits for this name, which shows on the name as well. */
export async function lockNetwork(db: Db, usernameKey: string, networkKey: string, untilMs: number): Promise<void> {
  await runFixed(db, 'update guessers set locked_until_ms = ? where username_key = ? and network_key = ?', [
    untilMs,
    usernameKey,
    networkKey
  ])
  await showLocked(db, usernameKey, untilMs)
}

/** All that have guessed for this name wait, and are counted anew once they may guess again. */
export async function slowName(db: Db, usernameKey: string, untilMs: number): Promise<void> {
  await runFixed(
    db,
    'update lockouts set networks = 0, window_ms = ?, locks = locks + 1, slowed_until_ms = ? where username_key = ?',
    [untilMs, untilMs, usernameKey]
  )
  await showLocked(db, usernameKey, untilMs)
}

async function showLocked(db: Db, usernameKey: string, untilMs: number): Promise<void> {
  await runFixed(db, 'update lockouts set locked_until_ms = ? where username_key = ? and locked_until_ms < ?', [
    untilMs,
    usernameKey,
    untilMs
  ])
}

/** Of these names (at most 500) the ones with charged attempts. */
export async function lockedKeys(db: Db, usernameKeys: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('lockouts')
    .select('username_key')
    .where('username_key', 'in', usernameKeys)
    .execute()
  return new Set(rows.map(({ username_key }) => username_key))
}

export async function clearLockouts(db: Db, usernameKeys: string[]): Promise<void> {
  await db.deleteFrom('lockouts').where('username_key', 'in', usernameKeys).execute()
  await db.deleteFrom('guessers').where('username_key', 'in', usernameKeys).execute()
}

/** Those of the longest ago, and the oldest of more than `maxRows`; so many at a time that no attempt is slow for it. */
export async function dropOldLockouts(db: Db, beforeMs: number, maxRows: number): Promise<void> {
  for (const table of ['guessers', 'lockouts']) {
    await runFixed(
      db,
      `delete from ${table} where id in
         (select id from ${table} where updated_at_ms < ? order by updated_at_ms limit ${droppedAtOnce})`,
      [beforeMs]
    )
    await runFixed(
      db,
      `delete from ${table} where id in
         (select id from ${table} where id <= (select max(id) from ${table}) - ? order by id limit ${droppedAtOnce})`,
      [maxRows]
    )
  }
}

const droppedAtOnce = 20
