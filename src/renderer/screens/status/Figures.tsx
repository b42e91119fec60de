import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ServerStatus } from '../../../shared/status.ts'
import { appStates, codeStates, type UserFilter } from '../../../shared/user.ts'
import { AppStateBadge, CodeStateBadge } from '../../components/StateBadge.tsx'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { usersScreen, writeFilter } from '../users/user-route.ts'
import { numbers } from './code-days.ts'
import classes from './Status.module.css'

/** How many users are how far; each figure opens its users. */
export function Figures({ status }: { status: ServerStatus }) {
  return (
    <section aria-labelledby="figures">
      <h2 id="figures" className={classes.heading}>
        {t('status.figures.title')}
        {status.users > 0 && (
          <span className={classes.total}>{t('status.figures.total', { count: status.users })}</span>
        )}
      </h2>
      {status.users === 0 ? <p className={classes.nobody}>{t('status.figures.nobody')}</p> : <Lists status={status} />}
    </section>
  )
}

function Lists({ status }: { status: ServerStatus }) {
  return (
    <>
      <h3 className={classes.subheading}>{t('status.figures.app')}</h3>
      <ul className={classes.figures}>
        {appStates.map((state) => (
          <Figure
            key={state}
            count={status.usersByApp[state]}
            total={status.users}
            filter={{ app: [state] }}
            hint={t('status.figures.showApp', { state: t(`states.app.${state}`) })}
          >
            <AppStateBadge state={state} />
          </Figure>
        ))}
      </ul>
      <h3 className={classes.subheading}>{t('status.figures.code')}</h3>
      <ul className={classes.figures}>
        {codeStates
          // An earlier code is superseded by a newer one, whose state is the user's.
          .filter((state) => state !== 'superseded' || status.usersByCode[state] > 0)
          .map((state) => (
            <Figure
              key={state}
              count={status.usersByCode[state]}
              total={status.users}
              filter={{ code: [state] }}
              hint={t('status.figures.showCode', { state: t(`states.code.${state}`) })}
            >
              <CodeStateBadge state={state} />
            </Figure>
          ))}
      </ul>
    </>
  )
}

function Figure({
  count,
  total,
  filter,
  hint,
  children
}: {
  count: number
  total: number
  filter: UserFilter
  hint: string
  children: ReactNode
}) {
  const percent = total === 0 ? 0 : (count / total) * 100
  return (
    <li>
      <a
        className={classes.figure}
        href={formatRoute({ screen: usersScreen, item: null, params: writeFilter(filter) })}
        title={hint}
        data-empty={count === 0 || undefined}
      >
        <span>{children}</span>
        <span className={classes.bar} aria-hidden>
          <span className={classes.barFill} style={{ width: `${percent}%` }} />
        </span>
        <span className={classes.number}>{numbers.format(count)}</span>
        <VisuallyHidden>{hint}</VisuallyHidden>
      </a>
    </li>
  )
}
