import { Button, FileButton, Progress } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { breakOf, type AuditVerification } from '../../../shared/audit.ts'
import type { AuditHead } from '../../../shared/backup.ts'
import { ask, bridge } from '../../bridge.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { navigate } from '../../routes.ts'
import { fileDate, saveAsFile } from '../../save-file.ts'
import { cancelTask, runTask, useTasks } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { problemText } from '../../words/problems.ts'
import { exactTime } from '../../words/time.ts'
import { readHead, writeHead } from './kept-head.ts'
import { logScreen } from './log-route.ts'
import classes from './Log.module.css'

type Kept = { file: string; head: AuditHead }
type Step =
  | { kind: 'ready' }
  | { kind: 'running'; taskId: string }
  | { kind: 'done'; result: AuditVerification; kept: Kept | null }
  | { kind: 'failed'; reason: string }

/** Says what verifying proves, does it, and names the first row that is broken with what to do then. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const [kept, setKept] = useState<Kept | null>(null)
  const [step, setStep] = useState<Step>({ kind: 'ready' })
  const isRunning = step.kind === 'running'
  const verify = async () => {
    try {
      const result = await runTask(t('logScreen.verify.running'), (taskId) => {
        setStep({ kind: 'running', taskId })
        return ask(bridge.log.verify({ taskId, ...(kept && { head: kept.head }) }))
      })
      setStep({ kind: 'done', result, kept })
    } catch (error) {
      setStep({ kind: 'failed', reason: problemText(error) })
    }
  }
  return (
    <div className={classes.verify}>
      {step.kind === 'done' ? (
        <Verdict result={step.result} kept={step.kept} onClose={onClose} />
      ) : (
        <>
          <p>{t('logScreen.verify.what')}</p>
          <p>{t('logScreen.verify.proves')}</p>
          <p className={classes.dim}>{t('logScreen.verify.notProves')}</p>
        </>
      )}
      {step.kind === 'failed' && (
        <div className={classes.verdict} data-tone="red" role="alert">
          {step.reason}
        </div>
      )}
      {isRunning ? <Running taskId={step.taskId} /> : <Against kept={kept} onChoose={setKept} />}
      <div className={classes.foot}>
        {isRunning ? (
          <Button variant="default" onClick={() => void cancelTask(step.taskId)}>
            {t('actions.cancel')}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={onClose}>
              {t('actions.close')}
            </Button>
            <Button data-autofocus onClick={() => void verify()}>
              {t(step.kind === 'done' ? 'logScreen.verify.again' : 'logScreen.verify.run')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

function Against({ kept, onChoose }: { kept: Kept | null; onChoose: (kept: Kept | null) => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const choose = async (file: File | null) => {
    if (!file) return
    const head = readHead(await file.text().catch(() => ''))
    setProblem(head ? null : t('logScreen.verify.noHead', { file: isolate(file.name) }))
    onChoose(head && { file: file.name, head })
  }
  return (
    <div className={classes.against}>
      <strong>{t('logScreen.verify.against')}</strong>
      {kept && (
        <>
          <span>{t('logScreen.verify.chosen', { row: kept.head.id, file: isolate(kept.file) })}</span>
          <IconButton icon={IconX} label={t('logScreen.verify.remove')} onClick={() => onChoose(null)} />
        </>
      )}
      <FileButton accept=".json,application/json" onChange={(file) => void choose(file)}>
        {(props) => (
          <Button {...props} variant="default" size="compact-sm">
            {t('logScreen.verify.choose')}
          </Button>
        )}
      </FileButton>
      {problem !== null && (
        <span className={classes.problem} role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

function Running({ taskId }: { taskId: string }) {
  const task = useTasks().find(({ id }) => id === taskId)
  const percent = task && task.total > 0 ? (task.done / task.total) * 100 : 0
  return (
    <div className={classes.running}>
      <p className={classes.runningLine}>
        <span>{t('logScreen.verify.running')}</span>
        <span>{task && task.total > 0 && t('logScreen.verify.progress', { ...task })}</span>
      </p>
      <Progress value={percent} aria-label={t('logScreen.verify.running')} size={8} transitionDuration={150} />
    </div>
  )
}

function Verdict({ result, kept, onClose }: { result: AuditVerification; kept: Kept | null; onClose: () => void }) {
  const { brokenRow } = result
  const how = breakOf(result)
  const isWhole = brokenRow === null || how === null
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const TitleIcon = isWhole ? IconShieldCheck : IconAlertTriangle
  return (
    <div className={classes.verdict} data-tone={isWhole ? undefined : 'red'}>
      <h3 ref={title} tabIndex={-1}>
        <TitleIcon size={18} aria-hidden />
        {isWhole
          ? t('logScreen.verify.intact', { count: result.rows })
          : t(`logScreen.verify.${how}`, { row: brokenRow })}
      </h3>
      {isWhole ? (
        <Intact result={result} kept={kept} />
      ) : (
        <Broken how={how} head={result.head} brokenRow={brokenRow} onClose={onClose} />
      )}
    </div>
  )
}

function Intact({ result: { head, checkpoint, keptHead }, kept }: { result: AuditVerification; kept: Kept | null }) {
  if (!head) return null
  return (
    <>
      <p>{t('logScreen.verify.upTo', { row: head.id, time: exactTime(head.atMs) })}</p>
      {checkpoint && (
        <p>
          {t('logScreen.verify.cutBefore', {
            row: checkpoint.id,
            time: exactTime(checkpoint.atMs),
            cut: exactTime(checkpoint.cutAtMs)
          })}
        </p>
      )}
      <p>
        {(keptHead === 'fits' || keptHead === 'cut') && kept
          ? t(keptHead === 'fits' ? 'logScreen.verify.fits' : 'logScreen.verify.keptHeadCut', { row: kept.head.id })
          : t('logScreen.verify.noKeptHead')}
      </p>
      <p>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() =>
            saveAsFile(`log-head-${fileDate()}.json`, new Blob([writeHead(head)], { type: 'application/json' }))
          }
        >
          {t('logScreen.verify.saveHead')}
        </Button>{' '}
        <span className={classes.dim}>{t('logScreen.verify.saveHeadHint')}</span>
      </p>
    </>
  )
}

function Broken({
  how,
  head,
  brokenRow,
  onClose
}: {
  how: NonNullable<ReturnType<typeof breakOf>>
  head: AuditVerification['head']
  brokenRow: number
  onClose: () => void
}) {
  return (
    <>
      <p>
        {t(`logScreen.verify.${how}Text`)}{' '}
        {how !== 'differs' &&
          (head
            ? t('logScreen.verify.provenUpTo', { row: head.id, time: exactTime(head.atMs) })
            : t('logScreen.verify.provenNothing'))}
      </p>
      <h4>{t('logScreen.verify.whatToDo')}</h4>
      <ol>
        <li>{t('logScreen.verify.steps.keep')}</li>
        <li>{t('logScreen.verify.steps.look')}</li>
        <li>{t('logScreen.verify.steps.compare')}</li>
        <li>{t('logScreen.verify.steps.secure')}</li>
      </ol>
      {how !== 'cutOff' && (
        <p>
          <Button
            variant="default"
            size="compact-sm"
            mt={10}
            onClick={() => {
              onClose()
              navigate({ screen: logScreen, item: String(brokenRow), params: {} })
            }}
          >
            {t('logScreen.verify.showRow', { row: brokenRow.toLocaleString('en') })}
          </Button>
        </p>
      )}
    </>
  )
}
