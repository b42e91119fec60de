import { Button, Modal, Switch } from '@mantine/core'
import { IconChevronRight, IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SupportBundle } from '../../shared/diagnostics.ts'
import { ask, bridge } from '../bridge.ts'
import { useCommand } from '../commands/registry.ts'
import { ErrorState } from '../components/ErrorState.tsx'
import { LoadingState } from '../components/LoadingState.tsx'
import { showToast } from '../components/toast.tsx'
import { saveAsFile } from '../save-file.ts'
import { t } from '../words/index.ts'
import { sizeWords } from '../words/size.ts'
import { bundleParts, isNamedPart, type BundlePart } from './bundle-parts.ts'
import classes from './SupportDialog.module.css'

/** Shows all that a support bundle holds before it is saved. */
export function SupportDialog() {
  const [isOpen, setOpen] = useState(false)
  useCommand('support', () => setOpen(true))
  const close = () => setOpen(false)
  return (
    <Modal opened={isOpen} onClose={close} title={t('support.title')} size={760}>
      <Preview onDone={close} />
    </Modal>
  )
}

function Preview({ onDone }: { onDone: () => void }) {
  const [pseudonyms, setPseudonyms] = useState(true)
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['support', pseudonyms],
    queryFn: () => ask(bridge.diagnostics.bundle({ pseudonyms })),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0
  })
  const save = ({ fileName, content }: SupportBundle) => {
    saveAsFile(fileName, new Blob([content], { type: 'application/json' }))
    showToast(t('support.saved', { name: fileName }))
    onDone()
  }
  return (
    <>
      <p className={classes.intro}>{t('support.intro')}</p>
      <Switch
        checked={pseudonyms}
        onChange={(event) => setPseudonyms(event.currentTarget.checked)}
        label={t('support.pseudonyms')}
        description={t('support.pseudonymsNote')}
      />
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <LoadingState lines={8} />
      ) : (
        <>
          <div className={classes.parts} aria-busy={isFetching}>
            {bundleParts(data.content).map((part) => (
              <Part key={part.id} part={part} />
            ))}
          </div>
          <div className={classes.foot}>
            <span className={classes.file}>
              {t('support.file', { name: data.fileName, size: sizeWords(new Blob([data.content]).size) })}
            </span>
            <Button variant="default" onClick={onDone}>
              {t('actions.cancel')}
            </Button>
            <Button
              leftSection={<IconDownload size={16} aria-hidden />}
              // What is saved is what was looked at.
              disabled={isFetching}
              onClick={() => save(data)}
            >
              {t('support.save')}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

function Part({ part: { id, text, count } }: { part: BundlePart }) {
  const [isOpen, setOpen] = useState(false)
  const name = isNamedPart(id) ? t(`support.parts.${id}`) : id
  return (
    <details className={classes.part} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>
        <IconChevronRight size={15} className={classes.chevron} aria-hidden />
        <span className={classes.name}>{name}</span>
        <span className={classes.count}>
          {t(id === 'programLog' ? 'support.lines' : 'support.entries', { count })}, {sizeWords(text.length)}
        </span>
      </summary>
      {isOpen && (
        <pre className={classes.text} tabIndex={0} role="region" aria-label={t('support.partText', { part: name })}>
          {text}
        </pre>
      )}
    </details>
  )
}
