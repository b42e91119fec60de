import type { Group, GroupChange } from '../../../shared/group.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { showOutcome } from '../../components/left-out/show-outcome.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { queries, queryClient } from '../../queries.ts'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'

/** Rights that are changed with one press; each can be taken back. */
export type GroupRight = 'mobileClient' | 'selfProvision'

/** Taking the Mobile Client from users is felt by many at once, so it asks first where there are any. */
export function setRight(group: Group, right: GroupRight, isAllowed: boolean): void {
  if (right !== 'mobileClient' || isAllowed || group.users === 0) return void changeRight(group, right, isAllowed)
  confirmAct({
    title: t('groups.cut.title', { name: isolate(group.name) }),
    text: t('groups.cut.text', { count: group.users }),
    verb: t('groups.cut.verb', { count: group.users }),
    onConfirm: () => void changeRight(group, right, isAllowed)
  })
}

async function changeRight({ name }: Group, right: GroupRight, isAllowed: boolean): Promise<void> {
  const words: Record<GroupRight, [allowed: string, refused: string]> = {
    mobileClient: [t('groups.mayUse', { name: isolate(name) }), t('groups.mayNotUse', { name: isolate(name) })],
    selfProvision: [t('groups.maySelf', { name: isolate(name) }), t('groups.mayNotSelf', { name: isolate(name) })]
  }
  const text = words[right][isAllowed ? 0 : 1]
  await orProblem(() => changeField(name, { [right]: isAllowed }, { [right]: !isAllowed }, text))
}

export async function setTransport({ name, transport: before }: Group, transport: string): Promise<void> {
  const text = t('groups.usesTransport', { name: isolate(name), transport: isolate(transport) })
  await orProblem(() => changeField(name, { transport }, { transport: before }, text))
}

/** Throws why the name cannot be had, for the field to show. */
export async function renameGroup(before: string, wanted: string): Promise<void> {
  const { name: after } = await setGroup(before, { name: wanted }, { name: before })
  if (after === before) return
  showToast(
    t('groups.renamed', { before: isolate(before), after: isolate(after) }),
    () => void orProblem(() => setGroup(after, { name: before }, { name: after }))
  )
}

/** What somebody else has changed since it was seen, before this or before its undoing, is not overwritten. */
async function changeField(name: string, change: GroupChange, seen: GroupChange, text: string): Promise<void> {
  await setGroup(name, change, seen)
  showToast(text, () => void orProblem(() => setGroup(name, seen, change)))
}

async function setGroup(name: string, change: GroupChange, expected: GroupChange): Promise<Group> {
  try {
    return await ask(bridge.groups.set({ name, change, expected }))
  } catch (error) {
    // What was refused may have been changed by somebody else, which then has to show.
    void queryClient.invalidateQueries({ queryKey: queries.groups.queryKey })
    throw error
  }
}

/** Throws why the group cannot be had, for the field to show. */
export async function addGroup(fields: { name: string } & GroupChange): Promise<void> {
  const { name } = await ask(bridge.groups.add(fields))
  showToast(t('groups.added', { name: isolate(name) }), () => void orProblem(() => ask(bridge.groups.remove({ name }))))
}

/** Removes a group without users. Its rights come back with Undo, its own templates would not. */
export async function removeEmptyGroup({ name, mobileClient, selfProvision, transport }: Group): Promise<void> {
  await orProblem(async () => {
    await ask(bridge.groups.remove({ name }))
    showToast(
      t('groups.removed', { name: isolate(name) }),
      () => void orProblem(() => ask(bridge.groups.add({ name, mobileClient, selfProvision, transport })))
    )
  })
}

export async function removeGroup(name: string, moveUsersTo: string | null): Promise<void> {
  await orProblem(async () => {
    const { moved, stopped } = await runTask(t('groups.removing', { name: isolate(name) }), (taskId) =>
      ask(bridge.groups.remove({ name, taskId, ...(moveUsersTo !== null && { moveUsersTo }) }))
    )
    const done = t(stopped === null ? 'groups.removed' : 'groups.notRemoved', { name: isolate(name) })
    const to = moveUsersTo !== null && moved > 0 && t('groups.movedTo', { count: moved, to: isolate(moveUsersTo) })
    showOutcome(to === false ? done : `${done} ${to}`, { skipped: [], stopped })
  })
}

async function orProblem(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    showProblem(error)
  }
}
