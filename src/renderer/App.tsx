import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { bridge } from './bridge.ts'
import { listenForShortcuts } from './commands/keys.ts'
import { runCommand } from './commands/registry.ts'
import { ErrorBoundary } from './components/ErrorBoundary.tsx'
import { maxToasts } from './components/toast.tsx'
import { useConnection } from './connection.ts'
import { showTheme } from './desk.ts'
import { keepFocus } from './keep-focus.ts'
import { followEvents, queryClient } from './queries.ts'
import { SessionEnded } from './shell/SessionEnded.tsx'
import { Shell } from './shell/Shell.tsx'
import { t } from './words/index.ts'
import classes from './theme.module.css'
import { colorSchemeManager, overlaysId, readTheme, resolveCssVariables, theme } from './theme.ts'

export function App({ nonce }: { nonce: string }) {
  useEffect(() => {
    showTheme(readTheme())
    const ends = [
      followEvents(),
      listenForShortcuts(),
      keepFocus(),
      bridge.on('menu-command', ({ command }) => {
        runCommand(command)
      })
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [])
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <section id={overlaysId} aria-label={t('app.overlays')} />
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notifications position="bottom-right" limit={maxToasts} className={classes.toasts} />
          <ErrorBoundary>
            <Content />
          </ErrorBoundary>
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Content() {
  return useConnection() === 'ended' ? <SessionEnded /> : <Shell />
}
