import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Group } from '../../../../shared/group.ts'
import type { UserFields } from '../../../../shared/user.ts'
import { ask, bridge } from '../../../bridge.ts'
import { useCommand } from '../../../commands/registry.ts'
import { EditForm, type Saved } from '../../../components/form/EditForm.tsx'
import { LoadingState } from '../../../components/LoadingState.tsx'
import { queries } from '../../../queries.ts'
import { useRoute } from '../../../routes.ts'
import { t } from '../../../words/index.ts'
import { isolate } from '../../../words/isolate.ts'
import { openUser, readFilter, usersScreen } from '../user-route.ts'
import { takeBackAdding } from '../user-acts.ts'
import { reasonAgainstUserField, storedFieldsOf, userFieldsOf } from './user-draft.ts'
import classes from './edit.module.css'
import { UserFieldRows } from './UserFieldRows.tsx'

/** Holds the dialog that adds a user, over every screen. */
export function AddUserHost() {
  const [isOpen, setOpen] = useState(false)
  const closing = useRef<(() => void) | null>(null)
  useCommand('users.add', () => setOpen(true))
  const close = () => setOpen(false)
  const tryClose = () => (closing.current ?? close)()
  return (
    <Modal
      opened={isOpen}
      onClose={tryClose}
      // Somebody who was added has the focus in the drawer.
      returnFocus={false}
      title={t('user.add.title')}
      size={520}
      classNames={{ body: classes.dialog }}
      closeOnClickOutside={false}
      // Its own listener would also hear the key that closes the question over it.
      closeOnEscape={false}
      onKeyDown={({ key, target }) => {
        const isListOpen = target instanceof Element && target.getAttribute('data-mantine-stop-propagation') === 'true'
        if (key === 'Escape' && !isListOpen) tryClose()
      }}
    >
      <AddUser closing={closing} onClose={close} />
    </Modal>
  )
}

function AddUser({ closing, onClose }: { closing: { current: (() => void) | null }; onClose: () => void }) {
  const { data: groups } = useQuery(queries.groups)
  const group = useLikelyGroup(groups ?? [])
  // The same as long as the dialog is open: a group that appears meanwhile is no change of this user.
  const [begun, setBegun] = useState<UserFields | null>(null)
  if (!groups) return <LoadingState />
  const first = begun ?? { username: '', name: '', email: '', phone: '', group }
  if (begun === null) setBegun(first)
  const add = async (values: Record<string, unknown>): Promise<Saved> => {
    const { username } = await ask(bridge.users.add({ ...first, ...userFieldsOf(values) }))
    openUser(username)
    return { text: t('user.add.added', { username: isolate(username) }), undo: () => void takeBackAdding(username) }
  }
  return (
    <EditForm
      stored={storedFieldsOf(first)}
      check={reasonAgainstUserField}
      save={add}
      once={{ verb: t('user.add.verb'), isNew: true, closing, onClose }}
    >
      <UserFieldRows present={group} />
    </EditForm>
  )
}

/** The group that the list is narrowed to, else the one that most users are in. */
function useLikelyGroup(groups: readonly Group[]): string {
  const { screen, params } = useRoute()
  const { group } = readFilter(screen === usersScreen ? params : {})
  const [largest] = groups.toSorted((a, b) => b.users - a.users)
  return groups.find(({ name }) => name === group)?.name ?? largest?.name ?? ''
}
