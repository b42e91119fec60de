import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { MailPlan } from '../../../../shared/mail.ts'
import { ask, bridge } from '../../../bridge.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { IconButton } from '../../../components/IconButton.tsx'
import { LoadingState } from '../../../components/LoadingState.tsx'
import { MailPreviewView } from '../../../mail/MailPreviewView.tsx'
import { PreviewChecks } from '../../../mail/PreviewChecks.tsx'
import { t } from '../../../words/index.ts'
import { previewRequestOf, type MailingRequest } from './email-plan.ts'
import { usePlannedUsers } from './PlannedUsers.tsx'
import classes from './Email.module.css'

/** The very mail of any recipient, with what was checked in it. */
export function LookStep({ plan, request }: { plan: MailPlan; request: MailingRequest }) {
  const [index, setIndex] = useState(0)
  const recipients = usePlannedUsers(request, 'recipients')
  const known = recipients.data?.pages.flatMap((page) => page.users) ?? []
  const username = known[index]?.username ?? (index === 0 ? plan.firstUsername : null)
  const previewRequest = previewRequestOf(request, username)
  const { data, error, isError, isPlaceholderData, refetch } = useQuery({
    queryKey: ['mail', 'preview', previewRequest],
    queryFn: () => ask(bridge.mail.preview(previewRequest)),
    enabled: username !== null,
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  const goTo = (next: number) => {
    setIndex(next)
    if (next >= known.length - 1 && recipients.hasNextPage) void recipients.fetchNextPage()
  }
  return (
    <div className={classes.look}>
      <div className={classes.lookMain}>
        <div className={classes.envelope} data-stale={isPlaceholderData || undefined}>
          <div className={classes.stepper}>
            <IconButton
              icon={IconChevronLeft}
              label={t('mail.look.previous')}
              disabled={index === 0}
              onClick={() => goTo(index - 1)}
            />
            <output className={classes.stepperText}>
              {t('mail.look.recipient', { index: index + 1, count: plan.recipients })}
            </output>
            <IconButton
              icon={IconChevronRight}
              label={t('mail.look.following')}
              disabled={index + 1 >= plan.recipients || index + 1 >= known.length}
              onClick={() => goTo(index + 1)}
            />
          </div>
          {data && (
            <dl className={classes.addresses}>
              <dt>{t('mail.look.to')}</dt>
              <dd title={data.to}>
                <bdi>{data.to}</bdi>
              </dd>
              <dt>{t('mail.look.from')}</dt>
              <dd title={data.from}>
                <bdi>{data.from}</bdi>
              </dd>
              <dt>{t('mail.look.subject')}</dt>
              <dd title={data.subject} className={classes.subject}>
                <bdi>{data.subject}</bdi>
              </dd>
            </dl>
          )}
        </div>
        <div className={classes.message}>
          {isError ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : data ? (
            <MailPreviewView preview={data} />
          ) : (
            <LoadingState lines={8} />
          )}
        </div>
      </div>
      <div className={classes.lookSide}>
        <p className={classes.sample}>{t('mail.look.sample')}</p>
        {data && !isError && <PreviewChecks preview={data} request={previewRequest} />}
      </div>
    </div>
  )
}
