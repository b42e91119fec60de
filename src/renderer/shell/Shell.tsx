import { useEffect } from 'react'
import { CommandPalette } from '../commands/CommandPalette.tsx'
import { useCommand } from '../commands/registry.ts'
import { ErrorBoundary } from '../components/ErrorBoundary.tsx'
import { navigate, useRoute } from '../routes.ts'
import { screenOf, screens } from '../screens/index.ts'
import type { Screen } from '../screens/screen.ts'
import { TroubleshootingCommands } from '../screens/troubleshooting/TroubleshootingCommands.tsx'
import { AddUserHost } from '../screens/users/edit/AddUserHost.tsx'
import { EmailHost } from '../screens/users/email/EmailHost.tsx'
import { ImportHost } from '../screens/users/import/ImportHost.tsx'
import { t } from '../words/index.ts'
import { HelpDialog } from './HelpDialog.tsx'
import { Navigation } from './Navigation.tsx'
import classes from './Shell.module.css'
import { StatusBar } from './StatusBar.tsx'
import { SupportDialog } from './SupportDialog.tsx'
import { TitleBar } from './TitleBar.tsx'

/** The window: navigation, title bar, the present screen, status bar, and what may lie over them. */
export function Shell() {
  const route = useRoute()
  const screen = screenOf(route.screen)
  useEffect(() => {
    document.title = `${screen.title} – ${t('app.name')}`
  }, [screen])
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip} onClick={skipToContent}>
        {t('app.skipToContent')}
      </a>
      <EmailHost />
      <AddUserHost />
      <Navigation current={screen} />
      <main className={classes.main}>
        <TitleBar screen={screen} />
        <div id="content" className={classes.content} tabIndex={-1}>
          <ErrorBoundary key={screen.id}>
            <screen.Content />
          </ErrorBoundary>
        </div>
        <ImportHost />
      </main>
      <StatusBar />
      {screens.map((each) => (
        <ScreenCommand key={each.id} screen={each} />
      ))}
      <TroubleshootingCommands />
      <CommandPalette />
      <HelpDialog screen={screen} />
      <SupportDialog />
    </div>
  )
}

function ScreenCommand({ screen }: { screen: Screen }) {
  useCommand(screen.command, () => navigate({ screen: screen.id, item: null, params: {} }))
  return null
}

/** The address belongs to the screens, so the link moves the focus itself. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
