import { appErrorTexts } from '../../../shared/app-errors.ts'
import type { SkippedUser } from '../../../shared/code.ts'
import type { User, UserSelection } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { codeStateAt } from '../../components/code-state.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { asClause } from '../../words/problems.ts'
import { closeUserNamed, openUser } from './user-route.ts'

/** Disabling can be undone, except that it ends a live code: then it asks first. */
export function askToDisableUser(user: User): void {
  const username = isolate(user.username)
  if (!hasLiveCode(user)) return void disableUser(user.username)
  confirmAct({
    title: t('user.act.disableTitle', { username }),
    text: t('user.act.disableText'),
    verb: t('user.act.disableVerb'),
    onConfirm: () => void disableUser(user.username)
  })
}

function hasLiveCode({ code, codeExpiresAtMs }: User): boolean {
  return codeStateAt(code, codeExpiresAtMs, Date.now()) === 'live'
}

async function disableUser(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { skipped } = await ask(bridge.users.disable({ selection }))
    if (isDone(username, skipped)) {
      showToast(t('user.act.disabled', { username: isolate(username) }), () => void enableUser(username))
    }
  })
}

export async function enableUser(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { skipped } = await ask(bridge.users.enable({ selection }))
    if (isDone(username, skipped)) showToast(t('user.act.enabled', { username: isolate(username) }))
  })
}

export async function unlockUser(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { skipped } = await ask(bridge.users.unlock({ selection }))
    if (isDone(username, skipped)) showToast(t('user.act.unlocked', { username: isolate(username) }))
  })
}

export function askToUnprovisionUser(username: string): void {
  confirmAct({
    title: t('user.act.unprovisionTitle', { username: isolate(username) }),
    text: t('user.act.unprovisionText', { shown: appErrorTexts['downloading-security-strings'] }),
    verb: t('user.act.unprovisionVerb'),
    onConfirm: () => void unprovisionUser(username)
  })
}

async function unprovisionUser(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { changed, skipped } = await ask(bridge.users.unprovision({ selection }))
    if (!isDone(username, skipped)) return
    showToast(t(changed > 0 ? 'user.act.unprovisioned' : 'user.act.noApp', { username: isolate(username) }))
  })
}

/** A removal can be undone, except for what it ends: then it asks first. */
export function askToRemoveUser(user: User): void {
  const isLive = hasLiveCode(user)
  const hasApp = user.app !== 'none'
  if (!isLive && !hasApp) return void removeUser(user.username)
  confirmAct({
    title: t('user.act.removeTitle', { username: isolate(user.username) }),
    text: t(`user.act.removeText.${isLive && hasApp ? 'both' : isLive ? 'code' : 'app'}`),
    verb: t('user.act.removeVerb'),
    onConfirm: () => void removeUser(user.username)
  })
}

async function removeUser(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { undo, skipped } = await ask(bridge.users.remove({ selection }))
    if (!isDone(username, skipped)) return
    closeUserNamed(username)
    const takeBack = undo === null ? undefined : () => void bringBack(username, undo)
    showToast(t('user.act.removed', { username: isolate(username) }), takeBack)
  })
}

/** Undoes an adding: whoever was just added has no code and no app that could be lost. */
export const takeBackAdding = removeUser

async function bringBack(username: string, undo: string): Promise<void> {
  await actOn(username, async () => {
    const { skipped } = await ask(bridge.users.undo({ undo }))
    if (!isDone(username, skipped)) return
    openUser(username)
    showToast(t('user.act.broughtBack', { username: isolate(username) }))
  })
}

export function askToWithdrawCode(username: string): void {
  const name = isolate(username)
  confirmAct({
    title: t('user.code.withdrawTitle', { username: name }),
    text: t('user.code.withdrawText'),
    verb: t('user.code.withdrawVerb'),
    onConfirm: () => void withdrawCode(username)
  })
}

async function withdrawCode(username: string): Promise<void> {
  await actOn(username, async (selection) => {
    const { withdrawn } = await ask(bridge.codes.withdraw({ selection }))
    showToast(t(withdrawn > 0 ? 'user.code.withdrawn' : 'user.code.noneToWithdraw', { username: isolate(username) }))
  })
}

async function actOn(username: string, act: (selection: UserSelection) => Promise<void>): Promise<void> {
  try {
    await act({ usernames: [username] })
  } catch (error) {
    showProblem(error)
  }
}

/** Whoever was left out, such as one that somebody else has removed, is told of. */
function isDone(username: string, skipped: readonly SkippedUser[]): boolean {
  const [left] = skipped
  if (left) showToast(t('user.act.notDone', { username: isolate(username), reason: asClause(left.reason) }))
  return !left
}
