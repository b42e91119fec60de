import { Modal } from '@mantine/core'
import { useCommand } from '../../../commands/registry.ts'
import { showToast } from '../../../components/toast.tsx'
import { navigate } from '../../../routes.ts'
import { t } from '../../../words/index.ts'
import { usersScreen } from '../user-route.ts'
import { closeEmail, useEmailOpening } from './email-opening.ts'
import { EmailDialog } from './EmailDialog.tsx'
import classes from './Email.module.css'

/** Holds the dialog over every screen. Before the screens in the tree, whose own meaning of the command comes first. */
export function EmailHost() {
  const opening = useEmailOpening()
  useCommand('users.email', () => {
    navigate({ screen: usersScreen, item: null, params: {} })
    showToast(t('mail.fallback'))
  })
  return (
    <Modal
      opened={opening !== null}
      onClose={closeEmail}
      title={t('mail.title')}
      size="min(1200px, 96vw)"
      classNames={{ body: classes.dialog, content: classes.content }}
      closeOnClickOutside={false}
    >
      {opening && <EmailDialog selection={opening.selection} onClose={closeEmail} />}
    </Modal>
  )
}
