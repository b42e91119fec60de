import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useCommand } from '../../commands/registry.ts'
import { t } from '../../words/index.ts'
import { KeepDialog } from './KeepDialog.tsx'

export function KeepButton() {
  const [isOpen, setOpen] = useState(false)
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
