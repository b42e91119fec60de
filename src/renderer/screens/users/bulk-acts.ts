import type { UserFilter } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { codeStateAt } from '../../components/code-state.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { outcomeText } from '../../words/outcome.ts'
import { countPicked, selectionOf, type Picked } from './selection.ts'

interface Outcome {
  skipped: { username: string; reason: string }[]
  stopped: string | null
}

/** Ends the live codes of the picked users, after a question that names how many. */
export async function askToWithdraw(picked: Picked): Promise<void> {
  const count = await countLiveCodes(picked)
  if (count === 0) return showToast(t('users.bulk.noLive'))
  confirmAct({
    title: t('users.bulk.withdrawTitle', { count }),
    text: t('users.bulk.withdrawText'),
    verb: t('users.bulk.withdrawVerb', { count }),
    onConfirm: () =>
      void carryOut(t('users.bulk.withdrawing'), async (taskId) => {
        const outcome = await ask(bridge.codes.withdraw({ selection: selectionOf(picked), taskId }))
        return { ...outcome, done: t('users.bulk.withdrawn', { count: outcome.withdrawn }) }
      })
  })
}

export function askToDisable(picked: Picked): void {
  const count = countPicked(picked)
  confirmAct({
    title: t('users.bulk.disableTitle', { count }),
    text: t('users.bulk.disableText'),
    verb: t('users.bulk.disableVerb', { count }),
    onConfirm: () =>
      void carryOut(t('users.bulk.disabling'), async (taskId) => {
        const outcome = await ask(bridge.users.disable({ selection: selectionOf(picked), taskId }))
        return { ...outcome, done: t('users.bulk.disabled', { count: outcome.changed }) }
      })
  })
}

export function askToEnable(picked: Picked): void {
  const count = countPicked(picked)
  confirmAct({
    title: t('users.bulk.enableTitle', { count }),
    text: t('users.bulk.enableText'),
    verb: t('users.bulk.enableVerb', { count }),
    isDangerous: false,
    onConfirm: () =>
      void carryOut(t('users.bulk.enabling'), async (taskId) => {
        const outcome = await ask(bridge.users.enable({ selection: selectionOf(picked), taskId }))
        return { ...outcome, done: t('users.bulk.enabled', { count: outcome.changed }) }
      })
  })
}

async function carryOut(label: string, act: (taskId: string) => Promise<Outcome & { done: string }>): Promise<void> {
  try {
    const { done, skipped, stopped } = await runTask(label, act)
    showToast(outcomeText(done, skipped, stopped))
  } catch (error) {
    showProblem(error)
  }
}

async function countLiveCodes(picked: Picked): Promise<number> {
  if (picked.kind === 'some') {
    const now = Date.now()
    const users = [...picked.users.values()]
    return users.filter(({ code, codeExpiresAtMs }) => codeStateAt(code, codeExpiresAtMs, now) === 'live').length
  }
  if (picked.filter.code && !picked.filter.code.includes('live')) return 0
  const filter: UserFilter = { ...picked.filter, code: ['live'] }
  return (await ask(bridge.users.count({ filter }))).users
}
