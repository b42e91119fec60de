import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef } from 'react'
import type { AuditEntry } from '../../../shared/audit.ts'
import type { User } from '../../../shared/user.ts'
import { CallError } from '../../bridge.ts'
import { useCommand } from '../../commands/registry.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { AppStateBadge, CodeStateBadge, DisabledBadge, LockedBadge } from '../../components/StateBadge.tsx'
import { queries } from '../../queries.ts'
import { formatRoute } from '../../routes.ts'
import { auditSentence } from '../../words/audit-sentence.ts'
import { t } from '../../words/index.ts'
import { symptomShown } from '../troubleshooting/symptoms.ts'
import { routeToSays } from '../troubleshooting/troubleshooting-route.ts'
import { answerFor } from './answer.ts'
import { groupRepeats } from './timeline-repeats.ts'
import { IssuePanel } from './IssuePanel.tsx'
import { SelfServiceLink } from './SelfServiceLink.tsx'
import { askToDisableUser, enableUser } from './user-acts.ts'
import classes from './UserDrawer.module.css'

/** One user beside the list: the answer to a call first, then the code, who it is, and what happened. */
export function UserDrawer({
  username,
  takesFocus,
  onClose
}: {
  username: string
  takesFocus: boolean
  onClose: () => void
}) {
  const { data, error, isPending, refetch } = useQuery(queries.user(username))
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (takesFocus) title.current?.focus()
  }, [takesFocus])
  const isGone = error instanceof CallError && error.data.code === 'user-not-found'
  return (
    <dialog open aria-labelledby={titleId} className={classes.drawer}>
      <div className={classes.head}>
        <div className={classes.who}>
          <h2 id={titleId} ref={title} tabIndex={-1} className={classes.username} title={username}>
            <bdi>{data?.user.username ?? username}</bdi>
          </h2>
          {data && data.user.name !== '' && (
            <div className={classes.name} title={data.user.name}>
              <bdi>{data.user.name}</bdi>
            </div>
          )}
        </div>
        <IconButton icon={IconX} iconSize={18} label={t('commands.closeUser')} onClick={onClose} />
      </div>
      <div className={classes.body}>
        {isGone && <EmptyState icon={IconX} title={t('user.gone', { username })} />}
        {error !== null && !isGone && <ErrorState error={error} onRetry={() => void refetch()} />}
        {isPending && <LoadingState />}
        {data && !isGone && <Details user={data.user} timeline={data.timeline} />}
      </div>
    </dialog>
  )
}

function Details({ user, timeline }: { user: User; timeline: readonly AuditEntry[] }) {
  return (
    <>
      <AnswerLine user={user} timeline={timeline} />
      <IssuePanel user={user} />
      <SelfServiceLink user={user} />
      <Overview user={user} />
      <section className={classes.section}>
        <h3 className={classes.heading}>{t('user.details.timeline')}</h3>
        {timeline.length === 0 && <p className={classes.hint}>{t('user.details.noTimeline')}</p>}
        <ol className={classes.timeline}>
          {groupRepeats(timeline).map(({ entry, times }) => (
            <TimelineEntry key={entry.id} entry={entry} times={times} />
          ))}
        </ol>
      </section>
    </>
  )
}

function AnswerLine({ user, timeline }: { user: User; timeline: readonly AuditEntry[] }) {
  const answer = answerFor(user, timeline, useNowMs())
  return (
    <p className={classes.answer} data-tone={answer.tone}>
      {answer.sentence} {answer.appShows !== null && t('user.answer.shown', { text: answer.appShows })}{' '}
      <a
        className={classes.diagnose}
        href={formatRoute(routeToSays({ symptom: symptomShown(answer.appShows), username: user.username }))}
      >
        {t('user.diagnose')}
      </a>
    </p>
  )
}

function Overview({ user }: { user: User }) {
  useCommand('user.disable', () => askToDisableUser(user), !user.disabled)
  useCommand('user.enable', () => void enableUser(user.username), user.disabled)
  const entries = [
    [t('user.details.app'), <AppStateBadge key="app" state={user.app} />],
    [
      t('user.details.code'),
      <span key="code" className={classes.badges}>
        <CodeStateBadge state={user.code} expiresAtMs={user.codeExpiresAtMs} />
        {user.lockedUntilMs !== null && <LockedBadge untilMs={user.lockedUntilMs} />}
        {user.disabled && <DisabledBadge />}
      </span>
    ],
    [t('user.details.group'), <bdi key="group">{user.group}</bdi>],
    [t('user.details.email'), <Value key="email" text={user.email} />],
    [t('user.details.phone'), <Value key="phone" text={user.phone} />]
  ] as const
  return (
    <section className={classes.section}>
      <div className={classes.headingRow}>
        <h3 className={classes.heading}>{t('user.details.overview')}</h3>
        {user.disabled ? (
          <Button variant="default" size="compact-sm" onClick={() => void enableUser(user.username)}>
            {t('user.act.enable')}
          </Button>
        ) : (
          <Button variant="default" size="compact-sm" onClick={() => askToDisableUser(user)}>
            {t('user.act.disable')}
          </Button>
        )}
      </div>
      <dl className={classes.facts}>
        {entries.map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Value({ text }: { text: string }) {
  if (text === '') return <span className={classes.none}>{t('user.details.none')}</span>
  return <bdi className={classes.value}>{text}</bdi>
}

function TimelineEntry({ entry, times }: { entry: AuditEntry; times: number }) {
  return (
    <li className={classes.entry} data-kind={entry.kind}>
      <span className={classes.sentence}>
        {auditSentence(entry)}
        {times > 1 && <span className={classes.times}> {t('log.times', { count: times })}</span>}
      </span>
      <span className={classes.when}>
        <RelativeTime atMs={entry.atMs} />
      </span>
      {entry.actor !== '' && entry.actor !== 'portal' && (
        <span className={classes.actor}>{t('log.by', { actor: entry.actor })}</span>
      )}
    </li>
  )
}
