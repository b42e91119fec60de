import { Button, Select } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconDeviceMobile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PhoneRun } from '../../../shared/diagnostics.ts'
import { bridge } from '../../bridge.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { CauseList } from './CauseList.tsx'
import { RunningCheck } from './RunningCheck.tsx'
import { StepList } from './StepList.tsx'
import checks from './Checks.module.css'
import classes from './Troubleshooting.module.css'
import { useCheck } from './use-check.ts'

/** All that an app does, with the time and the answer of each step. */
export function PhoneWay() {
  const { data: status } = useQuery(queries.status)
  const { data: groups } = useQuery(queries.groups)
  const [chosen, setChosen] = useState<string | null>(null)
  const group = chosen ?? groups?.find(({ mobileClient }) => mobileClient)?.name ?? groups?.[0]?.name ?? null
  const { check, start, stop } = useCheck(bridge.diagnostics.bePhone)
  const run = () => void start(group === null ? {} : { group })
  const isRunning = check.state === 'running'
  return (
    <div className={classes.phone}>
      <p className={classes.intro}>{t('troubleshooting.phone.text')}</p>
      <div className={classes.phoneForm}>
        <div className={classes.address}>
          <span className={classes.addressLabel}>{t('troubleshooting.phone.address')}</span>
          <bdi className={classes.mono}>{status?.publicAddress ?? '…'}</bdi>
        </div>
        <Select
          label={t('troubleshooting.phone.group')}
          data={(groups ?? []).map(({ name }) => name)}
          value={group}
          allowDeselect={false}
          disabled={isRunning}
          onChange={setChosen}
        />
        <Button
          leftSection={<IconDeviceMobile size={15} aria-hidden />}
          variant={check.state === 'idle' ? 'filled' : 'default'}
          disabled={isRunning}
          onClick={run}
        >
          {t(check.state === 'idle' ? 'troubleshooting.phone.start' : 'troubleshooting.phone.again')}
        </Button>
      </div>
      {check.state === 'running' && (
        <RunningCheck text={t('troubleshooting.phone.running')} steps={check.steps} onStop={stop} />
      )}
      {check.state === 'stopped' && <p className={classes.dim}>{t('troubleshooting.finding.stopped')}</p>}
      {check.state === 'failed' && <ErrorState error={check.error} onRetry={run} />}
      {check.state === 'done' && <Outcome run={check.result} onAgain={run} />}
    </div>
  )
}

function Outcome({ run: { appShows, causes, steps }, onAgain }: { run: PhoneRun; onAgain: () => void }) {
  const ms = Math.round(steps.reduce((sum, { durationMs }) => sum + durationMs, 0))
  return (
    <section aria-label={t('troubleshooting.finding.label')}>
      {appShows !== null ? (
        <p className={checks.verdict} data-tone="red" role="status">
          <IconCircleX size={18} aria-hidden />
          {t('troubleshooting.phone.failed', { text: appShows })}
        </p>
      ) : causes.length > 0 ? (
        <p className={checks.verdict} data-tone="amber" role="status">
          <IconAlertTriangle size={18} aria-hidden />
          {t('troubleshooting.phone.suspect', { ms })}
        </p>
      ) : (
        <p className={checks.verdict} data-tone="green" role="status">
          <IconCircleCheck size={18} aria-hidden />
          {t('troubleshooting.phone.well', { ms })}
        </p>
      )}
      <CauseList causes={causes} onMended={onAgain} />
      <h2 className={checks.others}>{t('troubleshooting.step.list')}</h2>
      <StepList steps={steps} />
    </section>
  )
}
