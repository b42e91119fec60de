import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconFileExport, IconUserPlus } from '@tabler/icons-react'
import { runCommand, useCommand } from '../../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../../commands/shortcuts.ts'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { exportUsers } from './bulk/export-users.ts'
import { ImportButton } from './ImportButton.tsx'
import { useUserCount } from './user-pages.ts'
import { readFilter } from './user-route.ts'
import classes from './UsersScreen.module.css'

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
      <Button.Group>
        <ImportButton />
        <MoreActions />
      </Button.Group>
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
        <Button px={6} className={classes.more} aria-label={t('users.more')} title={t('users.more')}>
          <IconChevronDown size={15} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileExport size={16} aria-hidden />} disabled={count === 0} onClick={exportListed}>
          {t('users.export.item', { count })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
