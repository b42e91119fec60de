import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useCommand } from '../../commands/registry.ts'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { KeepDialog } from './KeepDialog.tsx'

export function KeepButton() {
  // Troubleshooting leads to the setting by its key.
  const { params } = useRoute()
  const [isOpen, setOpen] = useState(params['field'] === 'policy.log.keep')
  useCommand('log.keep', () => setOpen(true))
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('logScreen.keep.button')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('logScreen.keep.title')} size={520}>
        <KeepDialog onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}
