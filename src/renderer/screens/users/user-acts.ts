import type { User } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { codeStateAt } from '../../components/code-state.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'

/** Disabling can be undone, except that it ends a live code: then it asks first. */
export function askToDisableUser(user: User): void {
  const username = isolate(user.username)
  if (codeStateAt(user.code, user.codeExpiresAtMs, Date.now()) !== 'live') return void disableUser(user.username)
  confirmAct({
    title: t('user.act.disableTitle', { username }),
    text: t('user.act.disableText'),
    verb: t('user.act.disableVerb'),
    onConfirm: () => void disableUser(user.username)
  })
}

async function disableUser(username: string): Promise<void> {
  try {
    await ask(bridge.users.disable({ selection: { usernames: [username] } }))
    showToast(t('user.act.disabled', { username: isolate(username) }), () => void enableUser(username))
  } catch (error) {
    showProblem(error)
  }
}

export async function enableUser(username: string): Promise<void> {
  try {
    await ask(bridge.users.enable({ selection: { usernames: [username] } }))
    showToast(t('user.act.enabled', { username: isolate(username) }))
  } catch (error) {
    showProblem(error)
  }
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
  try {
    const { withdrawn } = await ask(bridge.codes.withdraw({ selection: { usernames: [username] } }))
    showToast(t(withdrawn > 0 ? 'user.code.withdrawn' : 'user.code.noneToWithdraw', { username: isolate(username) }))
  } catch (error) {
    showProblem(error)
  }
}
