import { Button, Kbd, Menu, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconDots, IconHelpCircle, IconLifebuoy, IconListSearch } from '@tabler/icons-react'
import { themes } from '../../shared/desktop.ts'
import { IconButton } from '../components/IconButton.tsx'
import { runCommand, useCommand } from '../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../commands/shortcuts.ts'
import type { Screen } from '../screens/screen.ts'
import { toColorScheme } from '../theme.ts'
import { t } from '../words/index.ts'
import { SearchField } from './SearchField.tsx'
import classes from './TitleBar.module.css'

export function TitleBar({ screen }: { screen: Screen }) {
  return (
    <header className={classes.bar}>
      <h1 className={classes.title}>{screen.title}</h1>
      <SearchField />
      <Button
        variant="default"
        className={classes.palette}
        title={t('commands.openPalette')}
        aria-keyshortcuts={ariaShortcut('Mod+K')}
        onClick={() => runCommand('palette')}
        leftSection={<IconListSearch size={16} aria-hidden />}
      >
        <VisuallyHidden>{t('commands.openPalette')}</VisuallyHidden>
        <Kbd className={classes.key}>{formatShortcut('Mod+K')}</Kbd>
      </Button>
      {screen.Action && <screen.Action />}
      <MoreMenu />
    </header>
  )
}

function MoreMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  useCommand('theme.system', () => setColorScheme('auto'))
  useCommand('theme.light', () => setColorScheme('light'))
  useCommand('theme.dark', () => setColorScheme('dark'))
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <IconButton icon={IconDots} iconSize={18} label={t('app.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('theme.label')}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
        >
          {themes.toReversed().map((theme) => (
            <Menu.RadioItem key={theme} value={toColorScheme(theme)}>
              {t(`theme.${theme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconHelpCircle size={16} />}
          rightSection={<Kbd>F1</Kbd>}
          onClick={() => runCommand('help')}
        >
          {t('commands.openHelp')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLifebuoy size={16} />} onClick={() => runCommand('support')}>
          {t('commands.support')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
