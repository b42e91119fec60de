import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { clockTime, exactTime } from '../../words/time.ts'
import classes from './Portal.module.css'

/** What has just been asked of the portal, as it comes. Routes, not addresses: those hold codes. */
export function RequestLog() {
  const { data: state } = useQuery(queries.portal)
  const { data: requests, error, refetch } = useQuery(queries.portalRequests)
  return (
    <FormSection
      title={t('portal.requests.title')}
      {...(state && state.requests > 0 && { text: t('portal.requests.count', { count: state.requests }) })}
    >
      {error && !requests && <ErrorState error={error} onRetry={() => void refetch()} />}
      {requests?.length === 0 && (
        <p className={classes.note}>
          {t(state?.state === 'elsewhere' ? 'portal.requests.elsewhere' : 'portal.requests.none')}
        </p>
      )}
      {requests !== undefined && requests.length > 0 && (
        // Scrolled by keyboard, which needs it to take the focus.
        <div className={classes.requests} tabIndex={0} role="group" aria-label={t('portal.requests.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('portal.requests.at')}</th>
                <th scope="col">{t('portal.requests.address')}</th>
                <th scope="col">{t('portal.requests.request')}</th>
                <th scope="col" data-number>
                  {t('portal.requests.status')}
                </th>
                <th scope="col" data-number>
                  {t('portal.requests.duration')}
                </th>
              </tr>
            </thead>
            <tbody>
              {requests.map(({ id, atMs, method, route, status, address, durationMs }) => (
                <tr key={id}>
                  <td>
                    <time dateTime={new Date(atMs).toISOString()} title={exactTime(atMs)}>
                      {clockTime(atMs)}
                    </time>
                  </td>
                  <td className={classes.mono}>{address}</td>
                  <td className={classes.mono} title={`${method} ${route}`}>
                    <span className={classes.method}>{method}</span>{' '}
                    {route === '' ? t('portal.requests.nothingThere') : route}
                  </td>
                  <td data-number data-tone={status >= 500 ? 'red' : status >= 400 ? 'amber' : undefined}>
                    {status}
                  </td>
                  <td data-number>
                    {durationMs < 1
                      ? t('portal.requests.underMs')
                      : t('portal.requests.ms', { ms: Math.round(durationMs) })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </FormSection>
  )
}
