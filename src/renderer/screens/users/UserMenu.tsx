import { Kbd, Menu } from '@mantine/core'
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
import { useCommand } from '../../commands/registry.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { t } from '../../words/index.ts'
import { askToDisableUser, askToRemoveUser, askToUnprovisionUser, enableUser, unlockUser } from './user-acts.ts'

/** All that can be done to the user's entry; codes and links have buttons of their own. */
export function UserMenu({ user, onEdit }: { user: User; onEdit: () => void }) {
  const { username } = user
  const hasApp = user.app !== 'none'
  useCommand('user.unprovision', () => askToUnprovisionUser(username), hasApp)
  useCommand('user.remove', () => askToRemoveUser(user))
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <IconButton icon={IconDots} iconSize={18} label={t('user.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} rightSection={<Kbd>F2</Kbd>} onClick={onEdit}>
          {t('user.act.edit')}
        </Menu.Item>
        {user.disabled ? (
          <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => void enableUser(username)}>
            {t('user.act.enable')}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconUserOff size={16} />} onClick={() => askToDisableUser(user)}>
            {t('user.act.disable')}
          </Menu.Item>
        )}
        {user.lockedUntilMs !== null && (
          <Menu.Item leftSection={<IconLockOpen size={16} />} onClick={() => void unlockUser(username)}>
            {t('user.act.unlock')}
          </Menu.Item>
        )}
        {hasApp && (
          <Menu.Item leftSection={<IconDeviceMobileOff size={16} />} onClick={() => askToUnprovisionUser(username)}>
            {t('user.act.unprovision')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="danger" leftSection={<IconTrash size={16} />} onClick={() => askToRemoveUser(user)}>
          {t('user.act.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
