import { Button, FileButton, Loader, PasswordInput } from '@mantine/core'
import { IconAlertTriangle, IconDatabaseImport } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { BackupInspection } from '../../../shared/backup.ts'
import { assertNever } from '../../../shared/errors.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { t } from '../../words/index.ts'
import { asClause } from '../../words/problems.ts'
import {
  chooseBackup,
  lookInside,
  restoreAnother,
  restoreBackup,
  useBackupFlow,
  type ChosenFile,
  type RestoreStep
} from './backup-flow.ts'
import { sizeWords } from './backup-words.ts'
import { Holdings } from './Holdings.tsx'
import { Problem } from './Problem.tsx'
import { Restored } from './Restored.tsx'
import { Working } from './Working.tsx'
import classes from './Backup.module.css'

/** From a file and its passphrase to what it holds, what will happen, the question, and what has happened. */
export function RestoreBackup() {
  const { restore } = useBackupFlow()
  return (
    <FormSection title={t('backup.restore.title')} text={t('backup.restore.text')}>
      <Step step={restore} />
    </FormSection>
  )
}

function Step({ step }: { step: RestoreStep }) {
  switch (step.kind) {
    case 'choose':
      return (
        <>
          <Problem error={step.problem} />
          <ChooseButton label={t('backup.restore.choose')} />
        </>
      )
    case 'open':
      return <Open file={step.file} isLooking={step.isLooking} problem={step.problem} />
    case 'look':
      return <Look step={step} />
    case 'running':
      return <Working label={t('backup.restore.running')} taskId={step.taskId} />
    case 'done':
      return <Restored report={step.report} />
    default:
      return assertNever(step)
  }
}

function ChooseButton({ label }: { label: string }) {
  return (
    <FileButton onChange={(file) => file && void chooseBackup(file)}>
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconDatabaseImport size={15} aria-hidden />}>
          {label}
        </Button>
      )}
    </FileButton>
  )
}

function FileLine({ file }: { file: ChosenFile }) {
  return (
    <p className={classes.file}>
      <bdi>{file.name}</bdi> <span className={classes.dim}>{sizeWords(file.content.length)}</span>
    </p>
  )
}

function Open({ file, isLooking, problem }: { file: ChosenFile; isLooking: boolean; problem: unknown }) {
  const [passphrase, setPassphrase] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <form
      className={classes.card}
      onSubmit={(event) => {
        event.preventDefault()
        if (passphrase !== '' && !isLooking) void lookInside(file, passphrase)
      }}
    >
      <FileLine file={file} />
      <Problem error={problem} />
      <PasswordInput
        ref={input}
        size="xs"
        className={classes.field}
        label={t('backup.restore.passphrase')}
        autoComplete="off"
        value={passphrase}
        visibilityToggleButtonProps={{ 'aria-label': t('backup.passphrase.show'), tabIndex: 0 }}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      <div className={classes.acts}>
        <Button type="submit" disabled={passphrase === ''}>
          {t('backup.restore.look')}
        </Button>
        <ChooseButton label={t('backup.restore.chooseAnother')} />
        <Button variant="subtle" onClick={restoreAnother}>
          {t('actions.cancel')}
        </Button>
        {isLooking && (
          <output className={classes.looking}>
            <Loader size="xs" /> {t('backup.restore.looking')}
          </output>
        )}
      </div>
    </form>
  )
}

const happenings = ['replace', 'codes', 'mails', 'devices', 'keys', 'logged'] as const

function Look({ step }: { step: Extract<RestoreStep, { kind: 'look' }> }) {
  const { file, inspection, problem } = step
  const { backup, current } = inspection
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <div className={classes.card}>
      <FileLine file={file} />
      <h3 ref={title} tabIndex={-1} className={classes.cardTitle}>
        {t('backup.restore.compare')}
      </h3>
      <Holdings backup={backup} now={current.state === 'readable' ? current : null} />
      <Relation inspection={inspection} />
      <h3 className={classes.cardTitle}>{t('backup.restore.happens')}</h3>
      <ul className={classes.happens}>
        {happenings.map((happening) => (
          <li key={happening}>{t(`backup.restore.steps.${happening}`)}</li>
        ))}
      </ul>
      <Problem error={problem} />
      <div className={classes.acts}>
        <Button color="danger" onClick={() => askToRestore(step)}>
          {t('backup.restore.button')}
        </Button>
        <ChooseButton label={t('backup.restore.chooseAnother')} />
        <Button variant="subtle" onClick={restoreAnother}>
          {t('actions.cancel')}
        </Button>
      </div>
    </div>
  )
}

/** How what there is now stands to the backup. */
function Relation({ inspection: { current, isSameServer, entriesSince } }: { inspection: BackupInspection }) {
  const isStrange = current.state === 'readable' && !isSameServer
  const text =
    current.state === 'unreadable'
      ? t('backup.restore.current.unreadable', { reason: asClause(current.reason) })
      : current.state === 'empty'
        ? t('backup.restore.current.empty')
        : isStrange
          ? t('backup.restore.otherServer')
          : entriesSince === null
            ? t('backup.restore.noSequel')
            : t('backup.restore.since', { count: entriesSince })
  const isLossy = current.state === 'unreadable' || (current.state === 'readable' && entriesSince !== 0)
  return (
    <p className={classes.relation} data-tone={isStrange ? 'red' : isLossy ? 'amber' : undefined}>
      {(isStrange || isLossy) && <IconAlertTriangle size={16} aria-hidden />}
      <span>{text}</span>
    </p>
  )
}

function askToRestore(step: Extract<RestoreStep, { kind: 'look' }>): void {
  const { backup, current } = step.inspection
  const count = backup.users
  confirmAct({
    title: t('backup.restore.confirmTitle', { count }),
    text: t('backup.restore.confirmText', {
      now: t('backup.restore.nowUsers', { count: current.state === 'readable' ? current.users : 0 })
    }),
    verb: t('backup.restore.verb', { count }),
    onConfirm: () => void restoreBackup(step)
  })
}
