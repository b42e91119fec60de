import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useId, useRef } from 'react'
import type { AuditEntry } from '../../../shared/audit.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { formatRoute, navigate } from '../../routes.ts'
import { auditSentence } from '../../words/audit-sentence.ts'
import { t } from '../../words/index.ts'
import { exactTime } from '../../words/time.ts'
import { usersScreen } from '../users/user-route.ts'
import { readEntryContent, type Change } from './entry-changes.ts'
import { useEntry } from './log-rows.ts'
import { everything, showLog } from './log-route.ts'
import { actorText, lookOf } from './LogRow.tsx'
import classes from './Log.module.css'

/** Of a list of users so many show here; all of them are in the export. */
const mostNames = 200

/** One entry beside the list: its sentence in full, when, who, and what was changed. */
export function EntryPanel({ row, takesFocus, onClose }: { row: number; takesFocus: boolean; onClose: () => void }) {
  const { data: entry, error, isPending, refetch } = useEntry(row)
  const title = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (takesFocus) title.current?.focus()
  }, [takesFocus])
  return (
    <dialog open aria-labelledby={titleId} className={classes.entry}>
      <div className={classes.entryHead}>
        <h2 id={titleId} ref={title} tabIndex={-1} className={classes.entryTitle}>
          {t('logScreen.entry.title', { row: row.toLocaleString('en') })}
        </h2>
        {entry && <CopyButton text={JSON.stringify(entry, null, 2)} label={t('logScreen.entry.copy')} />}
        <IconButton icon={IconX} iconSize={18} label={t('logScreen.entry.close')} onClick={onClose} />
      </div>
      <div className={classes.entryBody}>
        {isPending && <LoadingState />}
        {error && entry === undefined && <ErrorState error={error} onRetry={() => void refetch()} />}
        {entry === null && (
          <EmptyState icon={IconX} title={t('logScreen.entry.gone', { row })} text={t('logScreen.entry.goneText')} />
        )}
        {entry && <Entry entry={entry} />}
      </div>
    </dialog>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { icon: KindIcon, tone } = lookOf(entry.kind)
  const { changes, lists, facts } = readEntryContent(entry)
  return (
    <>
      <p className={classes.sentence}>
        <KindIcon size={17} stroke={1.75} className={classes.icon} data-tone={tone} aria-hidden />
        <span>{auditSentence(entry)}</span>
      </p>
      <section className={classes.section}>
        <dl className={classes.facts}>
          <Fact name={t('logScreen.entry.time')}>
            {exactTime(entry.atMs)}, <RelativeTime atMs={entry.atMs} />
          </Fact>
          {entry.username !== '' && (
            <Fact name={t('logScreen.entry.user')}>
              <bdi>{entry.username}</bdi>
            </Fact>
          )}
          <Fact name={t('logScreen.entry.actor')}>
            <bdi>{actorText(entry.actor)}</bdi>
          </Fact>
          <Fact name={t('logScreen.entry.kind')}>
            <code>{entry.kind}</code>
          </Fact>
        </dl>
        {entry.username !== '' && <UserActs username={entry.username} />}
      </section>
      {changes.length > 0 && <Changes changes={changes} />}
      {facts.length > 0 && (
        <section className={classes.section}>
          <h3 className={classes.heading}>{t('logScreen.entry.details')}</h3>
          <dl className={classes.facts}>
            {facts.map(({ name, value }) => (
              <Fact key={name} name={name}>
                <bdi>{valueText(name, value)}</bdi>
              </Fact>
            ))}
          </dl>
        </section>
      )}
      {lists.map(({ name, usernames }) => (
        <section key={name} className={classes.section}>
          <h3 className={classes.heading}>
            {name} ({usernames.length.toLocaleString('en')})
          </h3>
          <Usernames usernames={usernames} />
        </section>
      ))}
    </>
  )
}

function UserActs({ username }: { username: string }) {
  return (
    <div className={classes.acts}>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => navigate({ screen: usersScreen, item: username, params: {} })}
      >
        {t('logScreen.entry.openUser')}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => showLog({ ...everything, user: username })}>
        {t('logScreen.entry.onlyUser')}
      </Button>
    </div>
  )
}

function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>{t('logScreen.entry.changes')}</h3>
      <table className={classes.changes}>
        <thead>
          <tr>
            <th scope="col">{t('logScreen.entry.field')}</th>
            <th scope="col">{t('logScreen.entry.before')}</th>
            <th scope="col">{t('logScreen.entry.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ name, before, after }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-before data-none={isNothing(before) || undefined}>
                <bdi>{valueText(name, before)}</bdi>
              </td>
              <td data-none={isNothing(after) || undefined}>
                <bdi>{valueText(name, after)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Usernames({ usernames }: { usernames: readonly string[] }) {
  const rest = usernames.length - mostNames
  return (
    <ul className={classes.names}>
      {usernames.slice(0, mostNames).map((username) => (
        <li key={username}>
          <a href={formatRoute({ screen: usersScreen, item: username, params: {} })} title={username}>
            <bdi>{username}</bdi>
          </a>
        </li>
      ))}
      {rest > 0 && <li className={classes.dim}>{t('logScreen.entry.more', { count: rest })}</li>}
    </ul>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** Values are shown as they were written; moments, by the names that the program gives them, as times. */
function valueText(name: string, value: unknown): string {
  if (isNothing(value)) return t('logScreen.entry.nothing')
  if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no')
  if (typeof value === 'number') {
    const isMoment = name.endsWith('AtMs') || name.endsWith('UntilMs')
    return isMoment && Math.abs(value) < 8.64e15 ? exactTime(value) : value.toLocaleString('en')
  }
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}
