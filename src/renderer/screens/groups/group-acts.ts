import type { Group, GroupChange } from '../../../shared/group.ts'
import { ask, bridge, CallError } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { showUsers } from '../users/user-route.ts'

/** Rights that are changed with one press; each can be taken back. */
export type GroupRight = 'mobileClient' | 'selfProvision'

/** Taking the Mobile Client from users is felt by many at once, so it asks first where there are any. */
export function setRight(group: Group, right: GroupRight, isAllowed: boolean): void {
  if (right !== 'mobileClient' || isAllowed || group.users === 0) return void changeRight(group.name, right, isAllowed)
  confirmAct({
    title: t('groups.cut.title', { name: isolate(group.name) }),
    text: t('groups.cut.text', { count: group.users }),
    verb: t('groups.cut.verb', { count: group.users }),
    onConfirm: () => void changeRight(group.name, right, isAllowed)
  })
}

async function changeRight(name: string, right: GroupRight, isAllowed: boolean): Promise<void> {
  const words: Record<GroupRight, [allowed: string, refused: string]> = {
    mobileClient: [t('groups.mayUse', { name: isolate(name) }), t('groups.mayNotUse', { name: isolate(name) })],
    selfProvision: [t('groups.maySelf', { name: isolate(name) }), t('groups.mayNotSelf', { name: isolate(name) })]
  }
  await orProblem(async () => {
    await ask(bridge.groups.set({ name, change: { [right]: isAllowed } }))
    showToast(words[right][isAllowed ? 0 : 1], () => void setBack(name, { [right]: !isAllowed }))
  })
}

/** Throws why the name cannot be had, for the field to show. */
export async function renameGroup(before: string, wanted: string): Promise<void> {
  const { name: after } = await ask(bridge.groups.set({ name: before, change: { name: wanted } }))
  if (after === before) return
  showToast(
    t('groups.renamed', { before: isolate(before), after: isolate(after) }),
    () => void setBack(after, { name: before })
  )
}

/** Throws why the group cannot be had, for the field to show. */
export async function addGroup(fields: { name: string } & GroupChange): Promise<void> {
  const { name } = await ask(bridge.groups.add(fields))
  showToast(t('groups.added', { name: isolate(name) }), () => void orProblem(() => ask(bridge.groups.remove({ name }))))
}

/** Removes a group that is empty; otherwise says who is in it and shows them. */
export async function removeGroup(group: Group): Promise<void> {
  if (group.users > 0) return explainRefusal(group)
  const { name, mobileClient, selfProvision } = group
  try {
    await ask(bridge.groups.remove({ name }))
    showToast(
      t('groups.removed', { name: isolate(name) }),
      () => void orProblem(() => ask(bridge.groups.add({ name, mobileClient, selfProvision })))
    )
  } catch (error) {
    const isRefused = error instanceof CallError && error.data.code === 'group-not-empty'
    if (isRefused) explainRefusal(group, error.data.message)
    else showProblem(error)
  }
}

/** `reason` is the console's, where it knew better than this window. */
function explainRefusal({ name, users }: Group, reason?: string): void {
  confirmAct({
    title: t('groups.refused.title', { name: isolate(name) }),
    text: reason ?? t('groups.refused.text', { count: users }),
    verb: users > 0 ? t('groups.refused.show', { count: users }) : t('groups.refused.understood'),
    isDangerous: false,
    onConfirm: () => users > 0 && showUsers({ group: name })
  })
}

async function setBack(name: string, change: GroupChange): Promise<void> {
  await orProblem(() => ask(bridge.groups.set({ name, change })))
}

async function orProblem(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    showProblem(error)
  }
}
