import { Button } from '@mantine/core'
import { IconPencil, IconUserOff, IconX } from '@tabler/icons-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { AuditEntry } from '../../../shared/audit.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import type { User } from '../../../shared/user.ts'
import { useCommand } from '../../commands/registry.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { useFocusAfter } from '../../components/focus-after.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { AppStateBadge, CodeStateBadge, DisabledBadge, LockedBadge } from '../../components/StateBadge.tsx'
import { formatRoute, navigate } from '../../routes.ts'
import { auditSentence } from '../../words/audit-sentence.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { relativeTime } from '../../words/time.ts'
import { symptomShown } from '../troubleshooting/symptoms.ts'
import { routeToSays } from '../troubleshooting/troubleshooting-route.ts'
import { answerFor } from './answer.ts'
import { DeviceSection } from './DeviceSection.tsx'
import { EditUser } from './edit/EditUser.tsx'
import { Facts } from './Facts.tsx'
import { groupRepeats } from './timeline-repeats.ts'
import { IssuePanel } from './IssuePanel.tsx'
import { useOpenUser, useRemoval } from './open-user.ts'
import { SelfServiceLink } from './SelfServiceLink.tsx'
import { askToDisableUser, enableUser, unlockUser } from './user-acts.ts'
import classes from './UserDrawer.module.css'
import { UserMenu } from './UserMenu.tsx'

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
  const [isEditing, setEditing] = useState(false)
  const { data, failure, isPending, isGone, isFound, refetch } = useOpenUser(username, isEditing)
  const title = useRef<HTMLHeadingElement>(null)
  const editButton = useFocusAfter(isEditing)
  const titleId = useId()
  useEffect(() => {
    if (takesFocus) title.current?.focus()
  }, [takesFocus])
  const canEdit = data !== undefined && isFound && !isEditing
  const edit = () => setEditing(true)
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
        {canEdit && (
          <>
            <IconButton ref={editButton} icon={IconPencil} label={t('user.edit.title')} onClick={edit} />
            <UserMenu user={data.user} onEdit={edit} />
          </>
        )}
        {!isEditing && <IconButton icon={IconX} iconSize={18} label={t('commands.closeUser')} onClick={onClose} />}
      </div>
      {isGone && <Gone username={username} isEditing={isEditing} />}
      {failure !== null && !data && <ErrorState error={failure} onRetry={() => void refetch()} />}
      {isPending && <LoadingState />}
      {data && !isGone && <AnswerLine user={data.user} timeline={data.timeline} />}
      {data && isEditing && (
        <div className={classes.edit}>
          <EditUser user={data.user} timeline={data.timeline} onDone={() => setEditing(false)} />
        </div>
      )}
      {data && !isGone && (
        // Only out of sight while the user is edited: a code that was shown is not shown again.
        <div className={classes.body} hidden={isEditing}>
          <Details {...data} />
        </div>
      )}
    </dialog>
  )
}

function Gone({ username, isEditing }: { username: string; isEditing: boolean }) {
  const removal = useRemoval(username)
  const nowMs = useNowMs()
  const title = t('user.gone', { username: isolate(username) })
  const by = removal && t('user.goneBy', { when: relativeTime(removal.atMs, nowMs), actor: isolate(removal.actor) })
  if (!isEditing) return <EmptyState icon={IconUserOff} title={title} {...(by !== null && { text: by })} />
  return (
    <div className={classes.answer} data-tone="bad" role="alert">
      <p>
        {title} {by} {t('user.goneWhileEditing')}
      </p>
    </div>
  )
}

function Details({ user, timeline, device }: CallOutput<'users:show'>) {
  return (
    <>
      <IssuePanel user={user} />
      <SelfServiceLink user={user} />
      <Overview user={user} />
      {device && <DeviceSection user={user} device={device} />}
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
  const nowMs = useNowMs()
  const answer = answerFor(user, timeline, nowMs)
  const isLocked = user.lockedUntilMs !== null && user.lockedUntilMs > nowMs
  const diagnosis = routeToSays({ symptom: symptomShown(answer.appShows), username: user.username })
  useCommand('user.diagnose', () => navigate(diagnosis))
  return (
    <div className={classes.answer} data-tone={answer.tone}>
      <p>
        {answer.sentence} {answer.appShows !== null && t('user.answer.shown', { text: answer.appShows })}{' '}
        <a className={classes.diagnose} href={formatRoute(diagnosis)}>
          {t('user.diagnose')}
        </a>
      </p>
      {isLocked && !user.disabled && (
        <Button variant="default" size="compact-sm" onClick={() => void unlockUser(user.username)}>
          {t('user.act.unlock')}
        </Button>
      )}
      {user.disabled && (
        <Button variant="default" size="compact-sm" onClick={() => void enableUser(user.username)}>
          {t('user.act.enable')}
        </Button>
      )}
    </div>
  )
}

function Overview({ user }: { user: User }) {
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
        {!user.disabled && (
          <Button variant="default" size="compact-sm" onClick={() => askToDisableUser(user)}>
            {t('user.act.disable')}
          </Button>
        )}
      </div>
      <Facts facts={entries} />
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
