import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { transportName } from '../../../shared/transport.ts'
import { ask, bridge } from '../../bridge.ts'
import dialog from '../../components/dialog.module.css'
import { queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { transportsQuery } from './transport-queries.ts'
import { showPlace } from './transport-route.ts'
import classes from './Transport.module.css'

export function AddTransport({
  isOpen,
  taken,
  onClose
}: {
  isOpen: boolean
  taken: readonly string[]
  onClose: () => void
}) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('transport.addTitle')} size={440}>
      <AddForm taken={taken} onClose={onClose} />
    </Modal>
  )
}

function AddForm({ taken, onClose }: { taken: readonly string[]; onClose: () => void }) {
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: (name: string) => ask(bridge.transports.set({ name, change: {} })),
    async onSuccess({ name }) {
      await queryClient.invalidateQueries({ queryKey: transportsQuery.queryKey })
      onClose()
      showPlace({ part: 'server', name })
    }
  })
  const name = transportName.safeParse(text)
  const isTaken = name.success && taken.includes(name.data)
  const problem = isTaken ? t('transport.nameTaken') : text !== '' && !name.success ? t('transport.nameWrong') : null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.success && !isTaken) add.mutate(name.data)
      }}
    >
      <p className={classes.text}>{t('transport.addText')}</p>
      <TextInput
        data-autofocus
        label={t('transport.name')}
        value={text}
        error={problem ?? (add.error && problemText(add.error))}
        maxLength={60}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={dialog.answers}>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={!name.success || isTaken} loading={add.isPending}>
          {t('transport.addVerb')}
        </Button>
      </div>
    </form>
  )
}
