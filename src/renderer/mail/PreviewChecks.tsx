import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX, type Icon } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LinkAnswer, MailPreview, PreviewCheck } from '../../shared/mail.ts'
import type { CallInput } from '../../shared/contract.ts'
import { ask, bridge } from '../bridge.ts'
import { t } from '../words/index.ts'
import { problemText } from '../words/problems.ts'
import classes from './MailPreview.module.css'

type Tone = 'green' | 'amber' | 'red' | 'grey'

const checkLooks: Record<PreviewCheck['outcome'], { icon: Icon; tone: Tone }> = {
  passed: { icon: IconCircleCheck, tone: 'green' },
  warning: { icon: IconAlertTriangle, tone: 'amber' },
  failed: { icon: IconCircleX, tone: 'red' }
}

const linkLooks: Record<LinkAnswer['outcome'], { icon: Icon; tone: Tone }> = {
  answers: { icon: IconCircleCheck, tone: 'green' },
  failed: { icon: IconCircleX, tone: 'red' },
  'not-asked': { icon: IconCircleDashed, tone: 'grey' }
}

/** What was looked at in the mail, the worst first. */
export function PreviewChecks({ preview, request }: { preview: MailPreview; request: CallInput<'mail:preview'> }) {
  const order: readonly PreviewCheck['outcome'][] = ['failed', 'warning', 'passed']
  const checks = order.flatMap((outcome) => preview.checks.filter((check) => check.outcome === outcome))
  return (
    <div className={classes.checks}>
      <h3 className={classes.heading}>{t('mail.look.checks')}</h3>
      <ul>
        {checks.map(({ check, outcome, message }) => (
          <Finding
            key={check}
            {...checkLooks[outcome]}
            outcome={t(`mail.look.outcomes.${outcome}`)}
            title={t(`mail.look.checkNames.${check}`)}
            message={message}
          />
        ))}
      </ul>
      <Links request={request} />
    </div>
  )
}

/** All mails of a batch lead to the same places: those of the mail that is shown first are asked at once, others when asked for. */
function Links({ request }: { request: CallInput<'mail:preview'> }) {
  const [asked, setAsked] = useState(request)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['mail', 'links', asked],
    queryFn: () => ask(bridge.mail.checkLinks(asked)),
    placeholderData: keepPreviousData
  })
  const askAgain = () => {
    setAsked(request)
    if (asked === request) void refetch()
  }
  return (
    <>
      <h3 className={classes.heading}>{t('mail.look.links')}</h3>
      {data?.length === 0 && <p className={classes.small}>{t('mail.look.noLinks')}</p>}
      {data && data.length > 0 && (
        <ul>
          {data.map(({ url, outcome, message }) => (
            <Finding
              key={url}
              {...linkLooks[outcome]}
              outcome={t(`mail.look.linkOutcomes.${outcome}`)}
              title={url}
              message={message}
            />
          ))}
        </ul>
      )}
      {error && (
        <p className={classes.small} data-tone="red" role="alert">
          {problemText(error)}
        </p>
      )}
      <p className={classes.small}>{t('mail.look.linksNote')}</p>
      <Button variant="default" size="compact-sm" disabled={isFetching} onClick={askAgain}>
        {t(isFetching ? 'mail.look.askingLinks' : 'mail.look.askLinks')}
      </Button>
    </>
  )
}

function Finding({
  icon: FindingIcon,
  tone,
  outcome,
  title,
  message
}: {
  icon: Icon
  tone: Tone
  outcome: string
  title: string
  message: string
}) {
  return (
    <li className={classes.finding}>
      <FindingIcon size={16} className={classes.findingIcon} data-tone={tone} role="img" aria-label={outcome} />
      <div className={classes.findingText}>
        <div className={classes.findingTitle} title={title}>
          {title}
        </div>
        <div className={classes.findingMessage} dir="auto">
          {message}
        </div>
      </div>
    </li>
  )
}
