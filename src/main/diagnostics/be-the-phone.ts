import { appErrorTexts, type AppErrorKind } from '../../shared/app-errors.ts'
import type { Cause, PhoneRun } from '../../shared/diagnostics.ts'
import { AppError } from '../../shared/errors.ts'
import { publicAddress } from '../../shared/settings.ts'
import type { Act } from '../system/operation.ts'
import { foldCase } from '../system/fold-case.ts'
import type { GroupService } from '../groups/group-service.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { ClockCheckParts } from './clock-check.ts'
import { appStep, appSteps, boundedSend, originOf, step, type CheckOptions } from './path-check.ts'
import { provisionReferenceApp, type AppStep } from './reference-app.ts'
import { checkServer } from './server-check.ts'
import { withTemporaryUser, type TemporaryUserParts } from './temporary-user.ts'

export interface PhoneParts extends ClockCheckParts, TemporaryUserParts {
  settings: SettingsService
  groups: GroupService
}

/**
 * All that an app does, against the public address, for a user of the given group (else of one that may use the app) who is gone
 * afterwards. Where the server is not reached no user is made. Throws `group-not-found` for a group that there is not.
 */
export async function bePhone(
  parts: PhoneParts,
  groupName: string | undefined,
  act: Act,
  options: CheckOptions = {}
): Promise<PhoneRun> {
  const settings = await parts.settings.read()
  const group = await groupFor(parts.groups, groupName)
  const { steps, causes, isReached } = await checkServer(parts, settings, options)
  const address = publicAddress(settings)
  if (!isReached) {
    const kind = causes[0]?.id === 'site-id-foreign' ? 'unknown-server-id' : 'server-connection'
    return { ok: false, address, appShows: appErrorTexts[kind], causes, steps }
  }
  const app = await withTemporaryUser(parts, group.name, act, ({ url }) =>
    provisionReferenceApp(url, {
      send: boundedSend(options),
      serverDetailsOrigin: originOf(url).text,
      onStep: (taken, failure) => isNew(taken) && options.onStep?.(appStep(taken, failure))
    })
  )
  const taken = app.steps.filter(isNew)
  steps.push(...appSteps(taken, app.ok ? null : app.reason))
  if (app.ok) {
    const shown = app.policies.map(({ id, value }) => `${id} ${value}`).join(', ')
    const policies = step('policies', address, 0, app.policies.length > 0 ? 'passed' : 'warned', {
      sentence: app.policies.length > 0 ? `The app was told: ${shown}.` : 'The server sent the app no policies.'
    })
    steps.push(policies)
    options.onStep?.(policies)
  } else causes.unshift(...failureCauses(app.error, app.reason, group))
  const isRefused = causes.some(({ weight }) => weight === 'fault')
  const kind: AppErrorKind | null = app.ok ? (isRefused ? 'server-connection' : null) : app.error
  return { ok: app.ok && !isRefused, address, appShows: kind && appErrorTexts[kind], causes, steps }
}

/** The steps before have been shown already. */
function isNew({ name }: AppStep): boolean {
  return name === 'provision' || name === 'security-strings'
}

export async function groupFor(groups: GroupService, name: string | undefined) {
  const all = await groups.list()
  const found =
    name === undefined
      ? (all.find(({ mobileClient }) => mobileClient) ?? all[0])
      : all.find((group) => foldCase(group.name) === foldCase(name))
  if (!found) {
    throw new AppError(
      'group-not-found',
      name === undefined ? 'There is no group yet; add one first.' : `There is no group “${name}”.`
    )
  }
  return found
}

function failureCauses(error: AppErrorKind, reason: string, group: { name: string; mobileClient: boolean }): Cause[] {
  if (error === 'downloading-security-strings' && !group.mobileClient) return [noRightCause(group.name, [reason])]
  return [
    {
      id: 'answer-wrong',
      weight: 'fault',
      sentence: `The server did not take a code that was issued a moment ago: ${reason}`,
      evidence: ['The portal at the public address may run over another data folder.'],
      cure: { kind: 'screen', screen: 'portal', item: null, field: null }
    }
  ]
}

export function noRightCause(group: string, evidence: string[], username?: string): Cause {
  return {
    id: 'no-mobile-client-right',
    weight: 'fault',
    sentence: `The group ${group} may not use a Mobile Client, so its users get no security strings. Allow it, or move the user to another group.`,
    evidence,
    cure: username === undefined ? { kind: 'group', group } : { kind: 'user', act: 'change-group', username }
  }
}
