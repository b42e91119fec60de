import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { PortalState } from '../../../shared/portal.ts'
import { publicAddress } from '../../../shared/settings.ts'
import { assertNever } from '../../../shared/errors.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { valuesOf } from '../../components/form/SettingsForm.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { useNowMs } from '../../components/now.ts'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import classes from './Portal.module.css'
import { portalFindings } from './findings.ts'
import { PortalStateBadge } from './PortalStateBadge.tsx'

/** Whether the portal runs, where, and what stands between it and the phones. */
export function PresentState() {
  const { data: state, error, refetch } = useQuery(queries.portal)
  const { data: entries } = useQuery(queries.settings)
  const nowMs = useNowMs()
  if (error && !state) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!state || !entries) return <LoadingState lines={3} />
  const settings = valuesOf(entries)
  const address = publicAddress(settings)
  const findings = settings['portal.enabled'] ? portalFindings(settings, state, nowMs) : []
  return (
    <FormSection title={t('portal.now.title')}>
      <div className={classes.state} role="status">
        <p className={classes.stateLine}>
          <PortalStateBadge state={state.state} />
          {state.url !== null && <bdi className={classes.url}>{state.url}</bdi>}
          {state.url !== null && (
            <CopyButton text={state.url} label={t('actions.copyNamed', { what: t('portal.listen.address') })} />
          )}
        </p>
        {state.problem !== null && <p className={classes.problem}>{state.problem}</p>}
        {state.problem === null && <p className={classes.note}>{explanation(state, settings['portal.enabled'])}</p>}
        <p className={classes.note}>
          {t('portal.now.public')} <bdi className={classes.url}>{address}</bdi>
        </p>
      </div>
      {findings.length > 0 && (
        <ul className={classes.findings}>
          {findings.map(({ tone, text }) => (
            <li key={text} data-tone={tone}>
              <IconAlertTriangle size={15} aria-hidden />
              {text}
            </li>
          ))}
        </ul>
      )}
    </FormSection>
  )
}

function explanation({ state }: PortalState, isEnabled: boolean): string {
  switch (state) {
    case 'running':
      return t('portal.now.running')
    case 'elsewhere':
      return t('portal.now.elsewhere')
    case 'starting':
      return t('portal.now.starting')
    case 'off':
    case 'failed':
      return t(isEnabled ? 'portal.now.notRun' : 'portal.now.switchedOff')
    default:
      return assertNever(state)
  }
}
