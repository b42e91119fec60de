import { Button, Modal } from '@mantine/core'
import { IconFileCertificate, IconPassword, IconShieldLock, IconX, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeySlot, KeySlotKind } from '../../../shared/key.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { useFocusOnPart } from './backup-route.ts'
import { slotName } from './backup-words.ts'
import { addKeyFile, addSlot, removeSlot } from './key-acts.ts'
import { KeyFileNote } from './KeyFileNote.tsx'
import { NewPassphrase } from './NewPassphrase.tsx'
import classes from './Backup.module.css'

const icons: Record<KeySlotKind, Icon> = {
  keychain: IconShieldLock,
  passphrase: IconPassword,
  file: IconFileCertificate
}

/** What opens the data key, in plain words why, and ways to add and remove one. */
export function KeySlots() {
  const { data: slots, error, refetch } = useQuery(queries.keySlots)
  const [adding, setAdding] = useState<'passphrase' | 'file' | null>(null)
  const desktop = window.provisionDesktop
  const close = () => setAdding(null)
  const acts = useFocusOnPart('keys', slots !== undefined)
  return (
    <FormSection title={t('backup.keys.title')} text={t('backup.keys.text')}>
      {error && !slots && <ErrorState error={error} onRetry={() => void refetch()} />}
      <ul className={classes.slots}>
        {slots?.map((slot) => (
          <Slot key={slot.id} slot={slot} others={slots.filter(({ id }) => id !== slot.id)} />
        ))}
      </ul>
      <div ref={acts} className={classes.acts}>
        <Button variant="default" onClick={() => setAdding('passphrase')}>
          {t('backup.keys.addPassphrase')}
        </Button>
        <Button variant="default" onClick={() => (desktop ? void addKeyFile(desktop) : setAdding('file'))}>
          {t('backup.keys.addFile')}
        </Button>
        {/* Only the desktop application can reach a keychain. */}
        {desktop && slots?.every(({ kind }) => kind !== 'keychain') && (
          <Button variant="default" onClick={() => void addSlot({ kind: 'keychain' })}>
            {t('backup.keys.addKeychain')}
          </Button>
        )}
      </div>
      <Modal opened={adding === 'passphrase'} onClose={close} title={t('backup.keys.passphraseTitle')} size={480}>
        <NewPassphrase
          verb={t('backup.keys.passphraseVerb')}
          note={t('backup.keys.passphraseText')}
          onTake={(passphrase) => {
            close()
            void addSlot({ kind: 'passphrase', passphrase })
          }}
          onCancel={close}
        />
      </Modal>
      <Modal opened={adding === 'file'} onClose={close} title={t('backup.keys.fileTitle')} size={480}>
        <KeyFileNote onDone={close} />
      </Modal>
    </FormSection>
  )
}

function Slot({ slot, others }: { slot: KeySlot; others: readonly KeySlot[] }) {
  const SlotIcon = icons[slot.kind]
  const name = slotName(slot)
  const isLast = others.length === 0
  return (
    <li className={classes.slot}>
      <SlotIcon size={18} stroke={1.6} className={classes.slotIcon} aria-hidden />
      <div className={classes.slotText}>
        <div>
          <strong>{t(`backup.keys.kinds.${slot.kind}`)}</strong>{' '}
          <span className={classes.dim}>
            <RelativeTime atMs={slot.createdAtMs} />
          </span>
          {slot.inUse && <span className={classes.inUse}>{t('backup.keys.inUse')}</span>}
        </div>
        {slot.path !== null && (
          <div className={classes.path}>
            <bdi>{slot.path}</bdi>
          </div>
        )}
        <div className={classes.dim}>{t(`backup.keys.why.${slot.kind}`)}</div>
        {isLast && <div className={classes.dim}>{t('backup.keys.lastSlot')}</div>}
      </div>
      <IconButton
        icon={IconX}
        label={t('backup.keys.remove', { slot: name })}
        disabled={isLast}
        onClick={() => askToRemove(slot, others)}
      />
    </li>
  )
}

function askToRemove(slot: KeySlot, others: readonly KeySlot[]): void {
  const name = slotName(slot)
  const [other] = others
  const parts = [
    slot.inUse && other ? t('backup.keys.removeInUse', { other: slotName(other) }) : t('backup.keys.removeText'),
    slot.kind === 'file' ? t('backup.keys.removeFile') : ''
  ]
  confirmAct({
    title: t('backup.keys.removeTitle', { slot: name }),
    text: parts.join(' ').trim(),
    verb: t('backup.keys.removeVerb', { slot: t(`backup.keys.kinds.${slot.kind}`).toLowerCase() }),
    onConfirm: () => void removeSlot(slot)
  })
}
