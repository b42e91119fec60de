import type { AttemptRefusal } from '../../shared/audit.ts'
import type { Cause } from '../../shared/diagnostics.ts'
import type { Settings } from '../../shared/settings.ts'
import type { User } from '../../shared/user.ts'
import { noRightCause } from './be-the-phone.ts'
import { utc } from './clock-check.ts'
import { setting } from './path-causes.ts'
import type { Attempt, UserFacts } from './user-facts.ts'

const issue = (username: string): Cause['cure'] => ({ kind: 'user', act: 'issue', username })

/** No such user, or one who may do nothing. */
export function accountCauses({ user, username, removedAtMs, similarNames }: UserFacts): Cause[] {
  if (!user) {
    const removed = removedAtMs === null ? [] : [`A user of this name was removed ${utc(removedAtMs)}.`]
    return [
      {
        id: 'user-unknown',
        weight: 'fault',
        sentence:
          removedAtMs === null
            ? `There is no user “${username}”. Add the user, or ask how the name is written.`
            : `The user “${username}” has been removed. Add the user anew, then issue a code.`,
        evidence: removed,
        cure: { kind: 'add-user', username }
      }
    ]
  }
  if (user.disabled) {
    return [
      {
        id: 'user-disabled',
        weight: 'fault',
        sentence: `${username} is disabled, and the app is told that there is no such user. Enable the user, then issue a new code.`,
        evidence: ['Disabling ended a live code.'],
        cure: { kind: 'user', act: 'enable', username }
      }
    ]
  }
  return similarNames.slice(0, 1).map(({ username: tried, atMs, address }) => ({
    id: 'name-mistyped',
    weight: 'suspicion',
    sentence: `An app tried the name “${tried}”, which nobody has; ${username} may have mistyped it. Scan the QR code instead of typing.`,
    evidence: [`The attempt came ${utc(atMs)} from ${address}.`],
    cure: issue(username)
  }))
}

/** The wait after wrong attempts, and what is wrong with the code. */
export function codeCauses(facts: UserFacts): Cause[] {
  const { user, username, lastAttempt, nowMs } = facts
  if (!user) return []
  const attempt =
    lastAttempt && lastAttempt.refusal !== null
      ? [`The last attempt came ${utc(lastAttempt.atMs)} from ${lastAttempt.address}.`]
      : []
  const causes: Cause[] = []
  if (user.lockedUntilMs !== null) {
    causes.push({
      id: 'user-locked',
      weight: 'fault',
      sentence: `${username} is locked until ${utc(user.lockedUntilMs)} after too many wrong attempts: a network that sent some is refused until then, with the right code too. Unlock the user, or issue a new code.`,
      evidence: attempt,
      cure: { kind: 'user', act: 'unlock', username }
    })
  }
  // An attempt before the newest code was issued says nothing of that code, unless it is later that an old one is tried.
  const isAboutNow = lastAttempt !== null && lastAttempt.atMs >= (user.codeIssuedAtMs ?? 0)
  const refusal = isAboutNow ? lastAttempt.refusal : null
  const byAttempt = refusal === null ? null : attemptCause(refusal, username, user, lastAttempt)
  if (byAttempt) causes.push({ ...byAttempt, weight: 'fault', evidence: [...attempt, ...byAttempt.evidence] })
  else if (refusal === null && user.code !== 'live' && user.app === 'none') causes.push(stateCause(user, nowMs))
  return causes
}

function attemptCause(
  refusal: AttemptRefusal,
  username: string,
  user: User,
  attempt: Attempt | null
): Pick<Cause, 'id' | 'sentence' | 'evidence' | 'cure'> | null {
  const ended = attempt === null || attempt.endedAtMs === null ? [] : [`That code ended ${utc(attempt.endedAtMs)}.`]
  const about = { evidence: ended, cure: issue(username) }
  const another = user.code === 'live' ? ' The newer code is live: scan that one.' : ' Issue a new one.'
  switch (refusal) {
    case 'code-used':
      return { id: 'code-used', sentence: `The code of ${username} has already been used.${another}`, ...about }
    case 'code-expired':
      return { id: 'code-expired', sentence: `The code of ${username} had expired.${another}`, ...about }
    case 'code-superseded':
      return {
        id: 'code-superseded',
        sentence: `${username} tried an older code; a newer one has taken its place.${another}`,
        ...about
      }
    case 'code-withdrawn':
      return { id: 'code-withdrawn', sentence: `The code of ${username} was withdrawn.${another}`, ...about }
    case 'code-failed':
      return {
        id: 'code-failed',
        sentence: `The code of ${username} was ended by wrong attempts.${another}`,
        ...about
      }
    case 'wrong-code':
      return {
        id: 'code-mistyped',
        sentence: `What ${username} typed is no code that was ever issued to this user; the live code has not ended. Scan the QR code instead of typing.`,
        evidence: [],
        cure: issue(username)
      }
    case 'no-code':
      return {
        id: 'code-never-issued',
        sentence: `${username} has no live code, and what was tried was never issued to this user. Issue a new one.`,
        evidence: [],
        cure: issue(username)
      }
    case 'address-limit':
      return {
        id: 'attempts-too-many',
        sentence: `Too many attempts failed from the address that ${username} uses, so for a minute those from there who sent a wrong code are refused. Wait, or trust this network.`,
        evidence: [],
        cure: { kind: 'setting', key: 'policy.codes.trustedNetworks' }
      }
    // Shown by the user's own state, which may have changed since.
    case 'unknown-user':
    case 'user-disabled':
    case 'locked':
      return null
    default:
      return refusal satisfies never
  }
}

function stateCause({ username, code, codeExpiresAtMs, codeIssuedAtMs }: User, nowMs: number): Cause {
  const issued = codeIssuedAtMs === null ? [] : [`The last code was issued ${utc(codeIssuedAtMs)}.`]
  const about = { weight: 'fault', evidence: issued, cure: issue(username) } as const
  switch (code) {
    case 'used':
      return { id: 'code-used', sentence: `The last code of ${username} has been used. Issue a new one.`, ...about }
    case 'expired': {
      const when = codeExpiresAtMs === null || codeExpiresAtMs > nowMs ? '' : ` ${utc(codeExpiresAtMs)}`
      return { id: 'code-expired', sentence: `The code of ${username} expired${when}. Issue a new one.`, ...about }
    }
    case 'withdrawn':
      return { id: 'code-withdrawn', sentence: `The code of ${username} was withdrawn. Issue a new one.`, ...about }
    case 'superseded':
      return { id: 'code-superseded', sentence: `The code of ${username} was superseded. Issue a new one.`, ...about }
    case 'failed':
      return {
        id: 'code-failed',
        sentence: `The code of ${username} was ended by a failed attempt. Issue a new one.`,
        ...about
      }
    default:
      return {
        ...about,
        id: 'code-never-issued',
        weight: 'suspicion',
        sentence: `No code has been issued to ${username} yet. Issue one.`
      }
  }
}

/** Why an app that was provisioned gets no strings. */
export function stringsCauses({ user, username, group, lastStrings }: UserFacts): Cause[] {
  if (!user) return []
  const asked = lastStrings
    ? [
        lastStrings.reason === null
          ? `Strings were last downloaded ${utc(lastStrings.atMs)} from ${lastStrings.address}.`
          : `Strings were refused ${utc(lastStrings.atMs)} to ${lastStrings.address}.`
      ]
    : []
  if (group && !group.mobileClient) return [noRightCause(group.name, asked, username)]
  if (user.app === 'none') {
    return [
      {
        id: 'device-void',
        weight: 'fault',
        sentence: `${username} has no app here: the Id that the phone holds is void. Issue a new code and set the phone up again.`,
        evidence: asked,
        cure: issue(username)
      }
    ]
  }
  if (user.app === 'set-up') {
    return [
      {
        id: 'strings-never-asked',
        weight: 'suspicion',
        sentence: `The app of ${username} was set up but has not got its strings yet. Let it ask again; if it fails once more, issue a new code.`,
        evidence: asked,
        cure: issue(username)
      }
    ]
  }
  return [
    {
      id: 'device-void',
      weight: 'suspicion',
      sentence: `${username} has another app by now: provisioning again makes the earlier Id void. Use the phone that was set up last, or issue a new code.`,
      evidence: asked,
      cure: issue(username)
    }
  ]
}

/** What the user's QR code says that is no longer so. */
export function textCauses({ username, user, changedSince }: UserFacts, siteId: number): Cause[] {
  const causes: Cause[] = []
  if (!user) return causes
  if (changedSince.siteId && changedSince.siteId.before !== siteId) {
    causes.push({
      id: 'site-id-changed',
      weight: 'fault',
      sentence: `The Site ID was changed after the code of ${username} was issued, and the QR code still says the old one. Issue a new code, or put the old Site ID back.`,
      evidence: [
        `It was ${String(changedSince.siteId.before)} until ${utc(changedSince.siteId.atMs)} and is ${siteId} now.`
      ],
      cure: issue(username)
    })
  }
  if (changedSince.address) {
    causes.push({
      id: 'address-changed',
      weight: 'suspicion',
      sentence: `The address was changed after the code of ${username} was issued, and the QR code still leads to the old one. Issue a new code.`,
      evidence: [`It was ${String(changedSince.address.before)} until ${utc(changedSince.address.atMs)}.`],
      cure: issue(username)
    })
  }
  return causes
}

/** This server has not heard of the phone, so the phone has spoken to another, or to nobody. */
export function unseenCauses({ user, username, lastAttempt }: UserFacts): Cause[] {
  const issuedAtMs = user?.codeIssuedAtMs ?? null
  if (issuedAtMs === null || (lastAttempt !== null && lastAttempt.atMs >= issuedAtMs)) return []
  return [
    {
      id: 'attempt-not-seen',
      weight: 'suspicion',
      sentence: `No attempt of ${username} has reached this server since the code was issued: the app has asked another server, or nobody. Let the app scan the code again.`,
      evidence: [`The code was issued ${utc(issuedAtMs)}.`],
      cure: issue(username)
    }
  ]
}

/** Why the User Portal sends the user no link to a new QR code. */
export function selfServiceCauses({ user, username, group }: UserFacts, settings: Settings): Cause[] {
  if (!settings['policy.selfReset.selfService']) {
    return [
      {
        id: 'self-service-off',
        weight: 'suspicion',
        sentence:
          'Users may not ask the User Portal for a code: self-service is off, so it sends nobody a link. Turn it on, or issue a code here.',
        evidence: [],
        cure: setting('policy.selfReset.selfService')
      }
    ]
  }
  if (!user || !group || (group.selfProvision && group.mobileClient)) return []
  return [
    {
      id: 'no-self-provision-right',
      weight: 'suspicion',
      sentence: `The group ${group.name} may not ${group.mobileClient ? 'provision itself' : 'use a Mobile Client'}, so the User Portal sends ${username} no link. Allow it, or issue a code here.`,
      evidence: [],
      cure: { kind: 'group', group: group.name }
    }
  ]
}
