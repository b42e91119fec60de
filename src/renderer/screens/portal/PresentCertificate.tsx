import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { certificateWarningMs } from '../../../shared/portal.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { useNowMs } from '../../components/now.ts'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { briefDate, exactTime, relativeTime } from '../../words/time.ts'
import classes from './Portal.module.css'

/** What the portal shows itself with, as saved; or why it has nothing to show. */
export function PresentCertificate() {
  const { data: state } = useQuery(queries.portal)
  const nowMs = useNowMs()
  if (state?.certificateProblem) {
    return (
      <p className={classes.certificateProblem} role="status">
        {state.certificateProblem}
      </p>
    )
  }
  if (!state?.certificate) return null
  const { isSelfSigned, subject, issuer, names, notAfterMs, fingerprint } = state.certificate
  const tone = notAfterMs <= nowMs ? 'red' : notAfterMs - nowMs < certificateWarningMs ? 'amber' : undefined
  return (
    <section className={classes.certificate} aria-label={t('portal.certificate.present')}>
      <dl>
        <Fact name={t('portal.certificate.subject')}>
          <bdi>{subject}</bdi>
        </Fact>
        {names.join() !== subject && (
          <Fact name={t('portal.certificate.names')}>
            <bdi>{names.join(', ')}</bdi>
          </Fact>
        )}
        <Fact name={t('portal.certificate.issuer')}>
          <bdi>{isSelfSigned ? t('portal.certificate.selfSigned') : issuer}</bdi>
        </Fact>
        <Fact name={t('portal.certificate.until')}>
          <time dateTime={new Date(notAfterMs).toISOString()} title={exactTime(notAfterMs)} data-tone={tone}>
            {tone === undefined
              ? briefDate(notAfterMs)
              : `${briefDate(notAfterMs)} (${relativeTime(notAfterMs, nowMs)})`}
          </time>
        </Fact>
        <Fact name={t('portal.certificate.fingerprint')}>
          <code className={classes.fingerprint}>{fingerprint}</code>
          <CopyButton
            text={fingerprint}
            label={t('actions.copyNamed', { what: t('portal.certificate.fingerprint') })}
          />
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
