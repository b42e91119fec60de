import { Menu } from '@mantine/core'
import {
  IconDeviceMobileOff,
  IconDots,
  IconLockOpen,
  IconPencil,
  IconTrash,
  IconUserCheck,
  IconUserOff
} from '@tabler/icons-react'
import type { User } from '../../../shared/user.ts'
import { useCommands } from '../../commands/registry.ts'
import { ActItems, type Act } from '../../components/ActItems.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { t } from '../../words/index.ts'
import { askToDisableUser, askToRemoveUser, askToUnprovisionUser, enableUser, unlockUser } from './user-acts.ts'

/** All that can be done to the user's entry; codes and links have buttons of their own. */
export function UserMenu({ user, onEdit }: { user: User; onEdit: () => void }) {
  const acts = actsOn(user, onEdit)
  useCommands(acts)
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <IconButton icon={IconDots} iconSize={18} label={t('user.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        <ActItems acts={acts} />
      </Menu.Dropdown>
    </Menu>
  )
}

function actsOn(user: User, onEdit: () => void): Act[] {
  const { username } = user
  const acts = [
    ['edit', IconPencil, onEdit, true],
    ['enable', IconUserCheck, () => void enableUser(username), user.disabled],
    ['disable', IconUserOff, () => askToDisableUser(user), !user.disabled],
    ['unlock', IconLockOpen, () => void unlockUser(username), user.lockedUntilMs !== null],
    ['unprovision', IconDeviceMobileOff, () => askToUnprovisionUser(username), user.app !== 'none'],
    ['remove', IconTrash, () => askToRemoveUser(user), true]
  ] as const
  return acts
    .filter(([, , , isOffered]) => isOffered)
    .map(([name, icon, run]) => ({ id: `user.${name}`, label: t(`user.act.${name}`), icon, run }))
}
