import { Button } from '@mantine/core'
import { IconDeviceMobileQuestion, IconUserSearch } from '@tabler/icons-react'
import { useEffect } from 'react'
import { symptoms, type Symptom } from '../../../shared/diagnostics.ts'
import { bridge } from '../../bridge.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { navigate, useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { DiagnosisView } from './DiagnosisView.tsx'
import { RunningCheck } from './RunningCheck.tsx'
import checks from './Checks.module.css'
import classes from './Troubleshooting.module.css'
import { isOfUser, symptomText } from './symptoms.ts'
import { readSays, routeToSays } from './troubleshooting-route.ts'
import { useCheck } from './use-check.ts'
import { UserCheckView } from './UserCheckView.tsx'
import { UserSearch } from './UserSearch.tsx'

/** From the error on the phone, and whose phone it is, to the cause and its cure. */
export function SaysWay() {
  const { symptom, username } = readSays(useRoute().params)
  const show = (change: { symptom?: Symptom; username?: string }) =>
    navigate(routeToSays({ symptom, username, ...change }), { replace: true })
  return (
    <div className={classes.says}>
      <div className={classes.question}>
        <fieldset className={classes.symptoms}>
          <legend className={classes.legend}>{t('troubleshooting.says.symptom')}</legend>
          {symptoms.map((each) => (
            <div key={each} className={classes.symptom}>
              <input
                type="radio"
                id={`symptom-${each}`}
                name="symptom"
                value={each}
                checked={each === symptom}
                onChange={() => show({ symptom: each })}
              />
              <label htmlFor={`symptom-${each}`} className={classes.symptomText}>
                <span className={classes.symptomName}>{symptomText(each)}</span>
                {each === symptom && <span className={classes.dim}>{t(`troubleshooting.symptoms.${each}`)}</span>}
              </label>
            </div>
          ))}
        </fieldset>
        <UserSearch
          username={username}
          note={
            symptom !== null && isOfUser(symptom)
              ? t('troubleshooting.says.userNeeded')
              : t('troubleshooting.says.userNote')
          }
          onChoose={(chosen) => show({ username: chosen })}
        />
      </div>
      <section className={classes.answer} aria-label={t('troubleshooting.finding.label')}>
        {symptom === null && username !== '' ? (
          <UserCheckView username={username} />
        ) : (
          <Answer symptom={symptom} username={username} />
        )}
      </section>
    </div>
  )
}

function Answer({ symptom, username }: { symptom: Symptom | null; username: string }) {
  const isAskable = symptom !== null && (username !== '' || !isOfUser(symptom))
  const { check, start, stop, reset } = useCheck(bridge.diagnostics.explain)
  const run = () => {
    if (symptom !== null) void start({ symptom, ...(username !== '' && { username }) })
  }
  useEffect(() => {
    if (isAskable) void start({ symptom, ...(username !== '' && { username }) })
    else reset()
  }, [isAskable, symptom, username, start, reset])

  if (!isAskable) {
    return symptom === null ? (
      <EmptyState
        icon={IconDeviceMobileQuestion}
        title={t('troubleshooting.says.empty')}
        text={t('troubleshooting.says.emptyText')}
      />
    ) : (
      <EmptyState
        icon={IconUserSearch}
        title={t('troubleshooting.says.emptyUser')}
        text={t('troubleshooting.says.emptyUserText')}
      />
    )
  }
  switch (check.state) {
    case 'idle':
      return null
    case 'running':
      return <RunningCheck text={t('troubleshooting.finding.checking')} steps={check.steps} onStop={stop} />
    case 'stopped':
      return (
        <div className={checks.runningRow}>
          <p className={classes.dim}>{t('troubleshooting.finding.stopped')}</p>
          <Button variant="default" size="compact-sm" onClick={run}>
            {t('troubleshooting.finding.again')}
          </Button>
        </div>
      )
    case 'failed':
      return <ErrorState error={check.error} onRetry={run} />
    case 'done':
      return <DiagnosisView diagnosis={check.result} onAgain={run} />
    default:
      return check satisfies never
  }
}
