import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { runCommand } from '../../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../../commands/shortcuts.ts'
import { t } from '../../words/index.ts'

export function ImportButton() {
  return (
    <Button
      leftSection={<IconFileImport size={15} aria-hidden />}
      title={formatShortcut('Mod+I')}
      aria-keyshortcuts={ariaShortcut('Mod+I')}
      onClick={() => runCommand('users.import')}
    >
      {t('users.import')}
    </Button>
  )
}
