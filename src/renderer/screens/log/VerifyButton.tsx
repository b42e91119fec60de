import { Button, Modal } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommand } from '../../commands/registry.ts'
import { t } from '../../words/index.ts'
import { VerifyDialog } from './VerifyDialog.tsx'

export function VerifyButton() {
  const [isOpen, setOpen] = useState(false)
  useCommand('log.verify', () => setOpen(true))
  return (
    <>
      <Button leftSection={<IconShieldCheck size={15} aria-hidden />} onClick={() => setOpen(true)}>
        {t('logScreen.verify.button')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('logScreen.verify.title')} size={600}>
        <VerifyDialog onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}
