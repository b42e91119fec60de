import { useQuery } from '@tanstack/react-query'
import { commandDefinitions } from '../commands/definitions.ts'
import { ariaShortcut, formatShortcut } from '../commands/shortcuts.ts'
import { queries } from '../queries.ts'
import { formatRoute } from '../routes.ts'
import { screens } from '../screens/index.ts'
import { navigationSections, type NavigationSection, type Screen } from '../screens/screen.ts'
import { t } from '../words/index.ts'
import classes from './Navigation.module.css'

const headings: Record<NavigationSection, string | null> = {
  everyday: null,
  policy: t('app.sections.policy'),
  server: t('app.sections.server'),
  support: null
}

export function Navigation({ current }: { current: Screen }) {
  const { data: status } = useQuery(queries.status)
  return (
    <nav aria-label={t('app.navigation')} className={classes.panel}>
      <div className={classes.server} title={status?.serverName}>
        <div className={classes.serverName} dir="auto">
          {status?.serverName ?? ' '}
        </div>
        <div className={classes.siteId}>{status ? t('app.siteId', { siteId: status.siteId }) : ' '}</div>
      </div>
      <div className={classes.list}>
        {navigationSections.map((section) => {
          const entries = screens.filter((screen) => screen.section === section)
          if (entries.length === 0) return null
          const heading = headings[section]
          return (
            <div key={section} className={classes.section}>
              {heading !== null && <div className={classes.heading}>{heading}</div>}
              {entries.map((screen) => (
                <Entry key={screen.id} screen={screen} isCurrent={screen.id === current.id} />
              ))}
            </div>
          )
        })}
      </div>
    </nav>
  )
}

function Entry({ screen, isCurrent }: { screen: Screen; isCurrent: boolean }) {
  const shortcut = commandDefinitions[screen.command].shortcuts[0]
  return (
    <a
      href={formatRoute({ screen: screen.id, item: null, params: {} })}
      className={classes.entry}
      aria-current={isCurrent ? 'page' : undefined}
      aria-keyshortcuts={shortcut === undefined ? undefined : ariaShortcut(shortcut)}
      title={shortcut === undefined ? undefined : `${screen.title} (${formatShortcut(shortcut)})`}
    >
      <screen.icon size={17} stroke={1.6} aria-hidden />
      <span className={classes.name}>{screen.title}</span>
      {screen.Count && <screen.Count />}
    </a>
  )
}
