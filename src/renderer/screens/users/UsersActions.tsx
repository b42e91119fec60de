import { Button, Menu } from '@mantine/core'
import { IconDots, IconFileExport, IconUserPlus } from '@tabler/icons-react'
import { runCommand, useCommand } from '../../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../../commands/shortcuts.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { exportUsers } from './bulk/export-users.ts'
import { ImportButton } from './ImportButton.tsx'
import { useUserCount } from './user-pages.ts'
import { readFilter } from './user-route.ts'

/** Primary actions of the screen. */
export function UsersActions() {
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUserPlus size={15} aria-hidden />}
        title={formatShortcut('Mod+U')}
        aria-keyshortcuts={ariaShortcut('Mod+U')}
        onClick={() => runCommand('users.add')}
      >
        {t('user.add.button')}
      </Button>
      <ImportButton />
      <MoreActions />
    </>
  )
}

/** What is done now and then with all that are listed. */
function MoreActions() {
  const filter = readFilter(useRoute().params)
  const { data: count = 0 } = useUserCount(filter)
  const exportListed = () => void exportUsers({ filter })
  useCommand('users.export', exportListed, count > 0)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon={IconDots} iconSize={18} label={t('users.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileExport size={16} aria-hidden />} disabled={count === 0} onClick={exportListed}>
          {t('users.export.item', { count })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
