import { Button, Modal } from '@mantine/core'
import { IconDatabaseExport, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { assertNever } from '../../../shared/errors.ts'
import { useCommand } from '../../commands/registry.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { useFocusOnPart } from './backup-route.ts'
import { makeAnother, makeBackup, saveBackup, useBackupFlow, type MakeStep } from './backup-flow.ts'
import { sizeWords } from './backup-words.ts'
import { Holdings } from './Holdings.tsx'
import { NewPassphrase } from './NewPassphrase.tsx'
import { Problem } from './Problem.tsx'
import { Working } from './Working.tsx'
import classes from './Backup.module.css'

export function MakeBackup() {
  const { make } = useBackupFlow()
  const [isAsking, setAsking] = useState(false)
  const acts = useFocusOnPart('make')
  useCommand('backup.make', () => setAsking(true), make.kind !== 'running')
  return (
    <FormSection title={t('backup.make.title')} text={t('backup.make.text')}>
      <div ref={acts}>
        <Step step={make} onAsk={() => setAsking(true)} />
      </div>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t('backup.make.title')} size={480}>
        <NewPassphrase
          verb={t('backup.make.verb')}
          note={`${t('backup.passphrase.forget')} ${t('backup.make.saveNote')}`}
          onTake={(passphrase) => {
            setAsking(false)
            void makeBackup(passphrase)
          }}
          onCancel={() => setAsking(false)}
        />
      </Modal>
    </FormSection>
  )
}

function Step({ step, onAsk }: { step: MakeStep; onAsk: () => void }) {
  switch (step.kind) {
    case 'ready':
      return (
        <>
          <Problem error={step.problem} />
          <Button leftSection={<IconDatabaseExport size={15} aria-hidden />} onClick={onAsk}>
            {t('backup.make.button')}
          </Button>
        </>
      )
    case 'running':
      return <Working label={t('backup.make.running')} taskId={step.taskId} />
    case 'done':
      return (
        <div className={classes.card}>
          <h3 className={classes.cardTitle}>
            <output>{t('backup.make.done')}</output>
          </h3>
          <p>{t('backup.make.savedAs', { file: isolate(step.name), size: sizeWords(step.report.bytes) })}</p>
          <p className={classes.dim}>{t('backup.make.next')}</p>
          <Holdings backup={step.report.backup} />
          <div className={classes.acts}>
            <Button leftSection={<IconDownload size={15} aria-hidden />} onClick={() => saveBackup(step)}>
              {t('backup.make.again')}
            </Button>
            <Button variant="default" onClick={makeAnother}>
              {t('backup.make.another')}
            </Button>
          </div>
        </div>
      )
    default:
      return assertNever(step)
  }
}
