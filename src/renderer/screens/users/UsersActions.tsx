import { Button } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { runCommand } from '../../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../../commands/shortcuts.ts'
import { t } from '../../words/index.ts'
import { ImportButton } from './ImportButton.tsx'

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
    </>
  )
}
