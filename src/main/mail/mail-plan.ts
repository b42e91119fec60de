import { AppError } from '../../shared/errors.ts'
import { scopeOfHost } from '../../shared/host-scope.ts'
import { leftOutReasons, type LeftOutReason, type MailPlan, type MailRequest } from '../../shared/mail.ts'
import { urlHost, type Settings } from '../../shared/settings.ts'
import type { Act } from '../system/operation.ts'
import { expiryOf } from '../codes/issue.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { forEachChunk } from '../users/selection.ts'
import { emailWarning } from '../users/user-rules.ts'
import type { UserRow } from '../users/user-store.ts'
import { lifeOf } from './code-life.ts'
import { publicAddressWarning } from './preview-checks.ts'
import { isCodeLive, leftOutReason, lockedKeys, readGroups } from './recipients.ts'
import type { TransportService } from './transport-service.ts'

/** What a batch would be: nothing is written. */
export async function planBatch(
  parts: { db: Db; time: Timekeeper; settings: SettingsService; transports: TransportService },
  request: MailRequest,
  act: Act
): Promise<MailPlan> {
  const { db, time, settings, transports } = parts
  const policy = await settings.read()
  const nowMs = await time.peekMs(db)
  const life = lifeOf(request, policy)
  expiryOf(request.life, policy, 'mail', Math.max(nowMs, request.atMs ?? nowMs))
  const groups = await readGroups(db)
  const leftOut = new Map<LeftOutReason, number>()
  const byTransport = new Map<string, number>()
  let recipients = 0
  let liveCodes = 0
  let locked = 0
  let mixed = 0
  let firstUsername: string | null = null
  const count = (reason: LeftOutReason, by = 1) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + by)
  const outcome = await forEachChunk(db, request.selection, nowMs, act, async (rows) => {
    const chosen = rows.filter((row) => {
      const reason = leftOutReason(row, groups.get(row.group_id), request.includeProvisioned)
      if (reason !== null) count(reason)
      return reason === null
    })
    recipients += chosen.length
    firstUsername ??= chosen[0]?.username ?? null
    liveCodes += chosen.filter((row: UserRow) => isCodeLive(row, nowMs)).length
    mixed += chosen.filter(({ email }) => emailWarning(email) !== null).length
    locked += (await lockedKeys(db, chosen, nowMs)).size
    for (const row of chosen) {
      const name = groups.get(row.group_id)?.transport ?? 'default'
      byTransport.set(name, (byTransport.get(name) ?? 0) + 1)
    }
  })
  if (outcome.stopped !== null) throw new AppError('cancelled', 'Stopped.')
  // The walk over the selection itself skips none but those that no user is.
  if (outcome.skipped.length > 0) count('no-such-user', outcome.skipped.length)
  const known = await transports.list()
  const publicAddress = publicAddressOf(policy)
  const used = [...byTransport].map(([name, users]) => ({
    users,
    shown: known.find((one) => one.name === name),
    name
  }))
  return {
    recipients,
    leftOut: leftOutReasons.flatMap((reason) => {
      const users = leftOut.get(reason)
      return users === undefined ? [] : [{ reason, users }]
    }),
    liveCodes,
    locked,
    mixed,
    validForMs: life.validForMs,
    untilMs: life.untilMs,
    publicAddress: { ...publicAddress, warning: publicAddressWarning(publicAddress) },
    transports: used.map(({ name, users, shown }) => ({
      name,
      recipients: users,
      missing: shown?.missing ?? ['host', 'sender'],
      sender: shown?.sender ?? ''
    })),
    firstUsername,
    estimatedMs: estimate(used.map(({ users, shown }) => [users, shown?.ratePerMinute ?? 0]))
  }
}

/** Where phones look for this server. */
export function publicAddressOf(policy: Settings) {
  const scheme = policy['server.usesSsl'] ? 'https' : 'http'
  const url = `${scheme}://${urlHost(policy['server.host'])}:${policy['server.port']}`
  return { url, scope: scopeOfHost(policy['server.host']) }
}

/** The slowest transport says how long it takes; null where none is slowed down. */
function estimate(shares: [users: number, ratePerMinute: number][]): number | null {
  const times = shares.filter(([, rate]) => rate > 0).map(([users, rate]) => Math.round((users / rate) * 60_000))
  return times.length === 0 ? null : Math.max(...times)
}
