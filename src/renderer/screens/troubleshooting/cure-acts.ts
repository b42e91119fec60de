import { ask, bridge } from '../../bridge.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'

/** Does it, says so, and tells whether it was done; a refusal is shown. */
async function carryOut(act: () => Promise<unknown>, done: string): Promise<boolean> {
  try {
    await act()
    showToast(done)
    return true
  } catch (error) {
    showProblem(error)
    return false
  }
}

export function unlockUser(username: string): Promise<boolean> {
  return carryOut(
    () => ask(bridge.users.unlock({ selection: { usernames: [username] } })),
    t('troubleshooting.cure.unlocked', { username: isolate(username) })
  )
}

export function moveUser(username: string, group: string): Promise<boolean> {
  return carryOut(
    () => ask(bridge.users.set({ username, change: { group } })),
    t('troubleshooting.cure.moved', { username: isolate(username), group: isolate(group) })
  )
}

export function addUser(fields: { username: string; name: string; email: string; group: string }): Promise<boolean> {
  return carryOut(
    () => ask(bridge.users.add(fields)),
    t('troubleshooting.cure.added', { username: isolate(fields.username) })
  )
}
