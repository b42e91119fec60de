import { appErrorTexts } from '../../../../shared/app-errors.ts'
import { appStates, codeStates, type User, type UserFilter, type UserSelection } from '../../../../shared/user.ts'
import { ask, bridge } from '../../../bridge.ts'
import { codeStateAt } from '../../../components/code-state.ts'
import { confirmAct } from '../../../components/confirm.tsx'
import { showOutcome, type Outcome } from '../../../components/left-out/show-outcome.tsx'
import { showProblem, showToast } from '../../../components/toast.tsx'
import { runTask } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'
import { countPicked, selectionOf, type Picked } from '../selection.ts'
import { closeUser, closeUserNamed } from '../user-route.ts'

/** What is asked before, and has words of one pattern. */
type AskedAct = 'withdraw' | 'disable' | 'enable' | 'unprovision' | 'remove'

interface BulkRequest {
  selection: UserSelection
  taskId: string
}

type BulkOutcome = Outcome & { changed: number; undo?: string | null }

/** Asks before it does the act to `count` of the picked users. */
function askTo(
  act: AskedAct,
  picked: Picked,
  carryOut: (request: BulkRequest) => Promise<BulkOutcome>,
  count = countPicked(picked)
): void {
  confirmAct({
    title: t(`users.bulk.${act}Title`, { count }),
    text: t(`users.bulk.${act}Text`, { count, shown: appErrorTexts['downloading-security-strings'] }),
    verb: t(`users.bulk.${act}Verb`, { count }),
    isDangerous: act !== 'enable',
    onConfirm: () =>
      void run(t(`users.bulk.${act}Running`), async (taskId) => {
        const outcome = await carryOut({ selection: selectionOf(picked), taskId })
        return { ...outcome, done: t(`users.bulk.${act}Done`, { count: outcome.changed }) }
      })
  })
}

/** Ends the live codes of the picked users. */
export async function askToWithdraw(picked: Picked): Promise<void> {
  const count = await countWhere(picked, hasLiveCode, liveCodes)
  if (count === 0) return showToast(t('users.bulk.noLive', { count: countPicked(picked) }))
  const withdraw = async (request: BulkRequest) => {
    const outcome = await ask(bridge.codes.withdraw(request))
    return { ...outcome, changed: outcome.withdrawn }
  }
  askTo('withdraw', picked, withdraw, count)
}

export function askToDisable(picked: Picked): void {
  askTo('disable', picked, (request) => ask(bridge.users.disable(request)))
}

export function askToEnable(picked: Picked): void {
  askTo('enable', picked, (request) => ask(bridge.users.enable(request)))
}

/** Voids the apps of those who have one. */
export async function askToUnprovision(picked: Picked): Promise<void> {
  const count = await countWhere(picked, hasApp, withApp)
  if (count === 0) return showToast(t('users.bulk.noApp', { count: countPicked(picked) }))
  askTo('unprovision', picked, (request) => ask(bridge.users.unprovision(request)), count)
}

/** Ends waits only, so it asks nothing. */
export async function unlock(picked: Picked): Promise<void> {
  await run(t('users.bulk.unlocking'), async (taskId) => {
    const outcome = await ask(bridge.users.unlock({ selection: selectionOf(picked), taskId }))
    const { changed: count } = outcome
    return {
      ...outcome,
      done: count === 0 ? t('users.bulk.noLocked', { count: countPicked(picked) }) : t('users.bulk.unlocked', { count })
    }
  })
}

/** `onRemoved` is told once they are gone. */
export function askToRemove(picked: Picked, onRemoved: () => void): void {
  askTo('remove', picked, async (request) => {
    const outcome = await ask(bridge.users.remove(request))
    if (outcome.changed > 0) {
      if (picked.kind === 'all') closeUser()
      else for (const username of picked.users.keys()) closeUserNamed(username)
      onRemoved()
    }
    return outcome
  })
}

export async function moveTo(picked: Picked, group: string, shownName: string): Promise<void> {
  await run(t('users.bulk.moving'), async (taskId) => {
    const outcome = await ask(bridge.users.move({ selection: selectionOf(picked), group, taskId }))
    const { changed: count } = outcome
    const done =
      count === 0
        ? t('users.bulk.movedNone', { count: countPicked(picked), to: shownName })
        : t('groups.movedTo', { count, to: shownName })
    return { ...outcome, done }
  })
}

/** With an `undo`, the act can be taken back from those whom it changed. */
type Done = Outcome & { done: string; undo?: string | null }

async function run(label: string, act: (taskId: string) => Promise<Done>): Promise<void> {
  try {
    const { done, undo, ...outcome } = await runTask(label, act)
    showOutcome(done, outcome, typeof undo === 'string' ? () => void takeBack(undo) : undefined)
  } catch (error) {
    showProblem(error)
  }
}

async function takeBack(undo: string): Promise<void> {
  await run(t('users.bulk.undoing'), async (taskId) => {
    const outcome = await ask(bridge.users.undo({ undo, taskId }))
    return { ...outcome, done: t('users.bulk.undone', { count: outcome.changed }) }
  })
}

const liveCodes: UserFilter = { code: ['live'] }
const withApp: UserFilter = { app: ['set-up', 'provisioned'] }
const hasLiveCode = ({ code, codeExpiresAtMs }: User) => codeStateAt(code, codeExpiresAtMs, Date.now()) === 'live'
const hasApp = ({ app }: User) => app !== 'none'

/** How many of the picked users an act concerns: said in two ways, as some are here and all are with the console. */
async function countWhere(picked: Picked, isOne: (user: User) => boolean, only: UserFilter): Promise<number> {
  if (picked.kind === 'some') return [...picked.users.values()].filter(isOne).length
  const filter = bothFilters(picked.filter, only)
  return filter === null ? 0 : (await ask(bridge.users.count({ filter }))).users
}

/** Null where nobody can match both. */
export function bothFilters(filter: UserFilter, only: Pick<UserFilter, 'app' | 'code'>): UserFilter | null {
  const app = appStates.filter(
    (state) => (filter.app ?? appStates).includes(state) && (only.app ?? appStates).includes(state)
  )
  const code = codeStates.filter(
    (state) => (filter.code ?? codeStates).includes(state) && (only.code ?? codeStates).includes(state)
  )
  if (app.length === 0 || code.length === 0) return null
  return { ...filter, ...(only.app && { app }), ...(only.code && { code }) }
}
