import { Button, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useEffect, useRef, useState } from 'react'
import type { CallOutput } from '../../../../shared/contract.ts'
import { mostValidityMs } from '../../../../shared/settings.ts'
import { ask, bridge } from '../../../bridge.ts'
import dialog from '../../../components/dialog.module.css'
import { LeftOutList } from '../../../components/left-out/LeftOutList.tsx'
import { useNowMs } from '../../../components/now.ts'
import { TaskProgress } from '../../../components/TaskProgress.tsx'
import { showProblem } from '../../../components/toast.tsx'
import { fileDate, saveCsv } from '../../../save-file.ts'
import { cancelTask, runTask, useTasks } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'
import { asClause } from '../../../words/problems.ts'
import { timeZone } from '../../../words/time.ts'
import { codeLifeOf, toDateField, type Validity } from '../code-life.ts'
import { countPicked, selectionOf, type Picked } from '../selection.ts'
import { ValiditySelect } from '../ValiditySelect.tsx'
import classes from './Bulk.module.css'

type Step =
  | { kind: 'ask' }
  | { kind: 'running'; taskId: string }
  | { kind: 'done'; report: CallOutput<'codes:issueFile'>; fileName: string }

/** Issues codes that nobody mails or prints: they are in one file, which is saved at once. */
export function askToIssue(picked: Picked): void {
  const id = modals.open({
    title: t('users.bulk.issueTitle', { count: countPicked(picked) }),
    size: 560,
    closeOnClickOutside: false,
    children: (
      <IssueCodes
        picked={picked}
        // What is issued could not be shown any more once the dialog is gone.
        onHold={(isHeld) => modals.updateModal({ modalId: id, closeOnEscape: !isHeld, withCloseButton: !isHeld })}
        onTitle={(title) => modals.updateModal({ modalId: id, title })}
        onClose={() => modals.close(id)}
      />
    )
  })
}

function IssueCodes({
  picked,
  onHold,
  onTitle,
  onClose
}: {
  picked: Picked
  onHold: (isHeld: boolean) => void
  onTitle: (title: string) => void
  onClose: () => void
}) {
  const [step, setStep] = useState<Step>({ kind: 'ask' })
  const [validity, setValidity] = useState<Validity>('default')
  const [until, setUntil] = useState(() => toDateField(Date.now() + 3 * 86_400_000))
  const nowMs = useNowMs()
  const life = codeLifeOf(validity, until, nowMs)
  const count = countPicked(picked)

  const issue = async () => {
    if (life === null) return
    onHold(true)
    try {
      const report = await runTask(t('users.bulk.issuing'), (taskId) => {
        setStep({ kind: 'running', taskId })
        return ask(bridge.codes.issueFile({ selection: selectionOf(picked), ...life, taskId }))
      })
      const fileName = `${t('users.bulk.issueFileName')}-${fileDate()}.csv`
      if (report.issued > 0) saveCsv(fileName, report.content)
      setStep({ kind: 'done', report, fileName })
      onTitle(t('users.bulk.issuedTitle', { count: report.issued }))
    } catch (error) {
      showProblem(error)
      setStep({ kind: 'ask' })
    } finally {
      onHold(false)
    }
  }

  if (step.kind === 'running') return <Issuing taskId={step.taskId} />
  if (step.kind === 'done') return <Issued report={step.report} fileName={step.fileName} onClose={onClose} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void issue()
      }}
    >
      <p className={dialog.question}>{t('users.bulk.issueText', { count })}</p>
      <div className={classes.life}>
        <ValiditySelect label={t('user.code.validity')} value={validity} onChange={setValidity} />
        {validity === 'until' && (
          <TextInput
            type="datetime-local"
            label={t('user.code.until')}
            description={t('user.code.untilHint', { zone: timeZone })}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            error={life === null && t('user.code.untilWrong')}
            value={until}
            min={toDateField(nowMs)}
            max={toDateField(nowMs + mostValidityMs)}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </div>
      <div className={dialog.answers}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" color="danger" disabled={life === null}>
          {t('users.bulk.issueVerb', { count })}
        </Button>
      </div>
    </form>
  )
}

/** The button of a new step takes the focus that went with the last step. */
function useFocusFirst() {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return button
}

function Issuing({ taskId }: { taskId: string }) {
  const task = useTasks().find(({ id }) => id === taskId)
  const cancel = useFocusFirst()
  return (
    <>
      <TaskProgress label={t('users.bulk.issuing')} taskId={taskId} />
      <div className={dialog.answers}>
        <Button
          variant="default"
          ref={cancel}
          disabled={task?.isCancelling === true}
          onClick={() => void cancelTask(taskId)}
        >
          {t(task?.isCancelling === true ? 'statusBar.cancelling' : 'actions.cancel')}
        </Button>
      </div>
    </>
  )
}

function Issued({
  report,
  fileName,
  onClose
}: {
  report: CallOutput<'codes:issueFile'>
  fileName: string
  onClose: () => void
}) {
  const { issued, content, skipped, stopped } = report
  const close = useFocusFirst()
  return (
    <>
      <p className={dialog.question}>
        <strong>
          <output>{issued > 0 ? t('users.bulk.issued', { count: issued }) : t('users.bulk.issuedNone')}</output>
        </strong>{' '}
        {issued > 0 && t('users.bulk.issuedFile', { count: issued, file: fileName })}
      </p>
      {stopped !== null && <p className={dialog.warning}>{t('users.bulk.stopped', { reason: asClause(stopped) })}</p>}
      {skipped.length > 0 && <LeftOutList skipped={skipped} />}
      <div className={dialog.answers}>
        {issued > 0 && (
          <Button variant="default" onClick={() => saveCsv(fileName, content)}>
            {t('users.bulk.saveAgain')}
          </Button>
        )}
        <Button ref={close} onClick={onClose}>
          {t('actions.close')}
        </Button>
      </div>
    </>
  )
}
