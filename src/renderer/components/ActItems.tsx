import { Kbd, Menu } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { commandDefinitions } from '../commands/definitions.ts'
import type { Offer } from '../commands/registry.ts'
import { formatShortcut } from '../commands/shortcuts.ts'

/** What can be done by a button, an item of a menu and a command alike. */
export interface Act extends Offer {
  label: string
  icon: Icon
}

/** The items of a menu; what removes stands last and apart. */
export function ActItems({ acts }: { acts: readonly Act[] }) {
  return acts.map(({ id, label, icon: ActIcon, run }) => {
    const [shortcut] = commandDefinitions[id].shortcuts
    const isRemoving = id.endsWith('.remove')
    return [
      isRemoving && <Menu.Divider key="divider" />,
      <Menu.Item
        key={id}
        {...(isRemoving && { c: 'error' })}
        leftSection={<ActIcon size={16} aria-hidden />}
        rightSection={shortcut !== undefined && <Kbd>{formatShortcut(shortcut)}</Kbd>}
        onClick={run}
      >
        {label}
      </Menu.Item>
    ]
  })
}
