import { Kbd, Modal } from '@mantine/core'
import { useState } from 'react'
import { commandDefinitions, windowCommandIds } from '../commands/definitions.ts'
import { useCommand } from '../commands/registry.ts'
import { formatShortcut } from '../commands/shortcuts.ts'
import type { Screen } from '../screens/screen.ts'
import { t } from '../words/index.ts'
import classes from './HelpDialog.module.css'

/** What the guide says of the present screen, and the keys. */
export function HelpDialog({ screen }: { screen: Screen }) {
  const [isOpen, setOpen] = useState(false)
  useCommand('help', () => setOpen(true))
  const withKeys = windowCommandIds.filter((id) => commandDefinitions[id].shortcuts.length > 0)
  return (
    <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('help.title', { screen: screen.title })} size={560}>
      {screen.help.map((paragraph) => (
        <p key={paragraph} className={classes.paragraph}>
          {paragraph}
        </p>
      ))}
      <h3 className={classes.heading}>{t('help.keys')}</h3>
      <dl className={classes.keys}>
        {withKeys.map((id) => (
          <div key={id} className={classes.row}>
            <dt>{commandDefinitions[id].title}</dt>
            <dd>
              {commandDefinitions[id].shortcuts.map((shortcut) => (
                <Kbd key={shortcut} size="xs">
                  {formatShortcut(shortcut)}
                </Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
