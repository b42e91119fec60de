import { createHash } from 'node:crypto'
import { parseDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import type { Store } from '../store/store.ts'
import type { Write } from '../store/write.ts'
import { foldCase } from '../system/fold-case.ts'
import { findGroupById } from '../groups/group-store.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findAnyUser, findUserByKey, type UserRow } from '../users/user-store.ts'
import { issueCodes, type ClearCode } from '../codes/issue.ts'
import {
  countReprovisionLinks,
  endReprovisionLinks,
  findReprovisionLink,
  insertReprovisionLink,
  useReprovisionLink,
  type ReprovisionLinkRow
} from './one-time-link-store.ts'

/** Random bits of a link's token: 192, of which a guesser would need all. */
const tokenBytes = 24

/** How often a user may ask the portal for a link: once in ten minutes, three times a day. */
const pauseMs = 10 * 60_000
const dayMs = 86_400_000
const maxInDay = 3
/** Stands in a mail that is never sent. */
const nobodysAddress = 'nobody@localhost'

/** Why a link leads to no code; `unknown` is all that a guesser learns. */
export type ReprovisionRefusal = 'unknown' | 'used' | 'expired' | 'user-removed' | 'user-disabled'

export interface ReprovisionLinks {
  /**
   * A link that leads the user to a code once, for as long as a mailed code lives; earlier ones lead nowhere from now on. Throws
   * `user-not-found` or `user-disabled`.
   */
  create(username: string, act: Act): Promise<{ username: string; url: string; expiresAtMs: number }>
  /**
   * The same for a user who asks for it without being known to be that user, mailed by `mail` in the same transaction: false unless
   * policy and group let the user, the user was given none in the last ten minutes and fewer than three in a day, and there
   * is a way to mail it. Where it is false the same steps are taken and then undone, so that how long it takes tells nothing.
   */
  request(username: string, mail: MailLink): Promise<boolean>
  /** What opening the link finds. It changes nothing: mail scanners open links too. */
  look(token: string): Promise<{ user: Pick<UserRow, 'username' | 'name'> } | { refusal: ReprovisionRefusal }>
  /** Uses the link up and issues a code, both or neither. */
  redeem(token: string, address: string): Promise<{ code: ClearCode; name: string } | { refusal: ReprovisionRefusal }>
}

/** Puts the mail with a link into the outbox; false where none can be mailed to this user. */
export type MailLink = (write: Write, user: UserRow, link: { url: string; expiresAtMs: number }) => Promise<boolean>

export interface ReprovisionLinkParts {
  store: Store
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
}

export function createReprovisionLinks(parts: ReprovisionLinkParts): ReprovisionLinks {
  const { store, random, settings } = parts
  const give = async (write: Write, policy: Settings, user: UserRow) => {
    const { nowMs } = write
    const token = random.bytes(tokenBytes).toString('base64url')
    const expiresAtMs = nowMs + (parseDuration(policy['policy.selfReset.mailValidity']) ?? 0)
    await endReprovisionLinks(write, user.id, nowMs)
    await insertReprovisionLink(write, {
      user_id: user.id,
      token_hash: hashToken(token),
      created_at_ms: nowMs,
      expires_at_ms: expiresAtMs
    })
    await write.record({ kind: 'link.created', user, detail: { expiresAtMs } })
    return { username: user.username, url: formatReprovisionUrl(policy, token), expiresAtMs }
  }
  return {
    async create(username, act) {
      const policy = await settings.read()
      return store.write(act, async (write) => {
        const user = await findUserByKey(write, foldCase(username.trim()))
        if (!user) throw new AppError('user-not-found', `There is no user “${username}”.`)
        if (user.disabled === 1) {
          throw new AppError('user-disabled', `${user.username} is disabled. Enable the user before giving out a link.`)
        }
        return give(write, policy, user)
      })
    },

    async request(username, mail) {
      const policy = await settings.read()
      if (!policy['policy.selfReset.selfService']) return false
      return store.write({ actor: 'portal' }, async (write) => {
        const { nowMs } = write
        const user = await findUserByKey(write, foldCase(username.trim()))
        const standIn = await findAnyUser(write)
        const somebody = user ?? standIn
        // With no user at all there is no name to be found out.
        if (!somebody) return false
        const group = await findGroupById(write, somebody.group_id)
        const given = await countReprovisionLinks(write, somebody.id, [nowMs - pauseMs, nowMs - dayMs])
        const isLetByGroup = group?.mobile_client === 1 && group.self_provision === 1
        const isFirst = given[0] === 0 && given[1] < maxInDay
        const mayHave = somebody === user && user.disabled === 0 && user.email !== '' && isLetByGroup && isFirst
        return write.attempt(async () => {
          const link = await give(write, policy, somebody)
          const addressed = somebody.email === '' ? { ...somebody, email: nobodysAddress } : somebody
          const isMailed = await mail(write, addressed, link)
          return mayHave && isMailed
        })
      })
    },

    async look(token) {
      const found = await findReprovisionLink(store.read, hashToken(token))
      if (!found) return { refusal: 'unknown' }
      const refusal = refusalOf(found, await store.nowMs())
      return refusal === null ? { user: found.user } : { refusal }
    },

    async redeem(token, address) {
      const policy = await settings.read()
      return store.write({ actor: 'portal' }, async (write) => {
        const found = await findReprovisionLink(write, hashToken(token))
        if (!found) return { refusal: 'unknown' }
        const { user } = found
        const refusal = refusalOf(found, write.nowMs)
        if (refusal !== null) return { refusal }
        if (!(await useReprovisionLink(write, hashToken(token)))) return { refusal: 'used' }
        await write.record({ kind: 'link.used', user, detail: { address } })
        const issue = { policy, channel: 'portal', life: {}, reveal: true } as const
        const [code] = await issueCodes(parts, write, [user], issue, write.nowMs, write.operation)
        if (!code) throw new Error('a code was issued to nobody')
        return { code, name: user.name }
      })
    }
  }
}

function refusalOf(
  { link, user }: { link: ReprovisionLinkRow; user: UserRow },
  nowMs: number
): Exclude<ReprovisionRefusal, 'unknown'> | null {
  if (user.removed_at_ms !== null) return 'user-removed'
  if (user.disabled === 1) return 'user-disabled'
  if (link.used_at_ms !== null) return 'used'
  return link.expires_at_ms <= nowMs ? 'expired' : null
}

/** Beside the pages of the codes, where the portal answers. */
function formatReprovisionUrl(policy: { 'policy.selfReset.completeUrl': string }, token: string): string {
  return new URL(`../reprovision/${token}`, policy['policy.selfReset.completeUrl']).href
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
