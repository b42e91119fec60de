import type { Command } from 'commander'
import { readPort, untilStopped } from '../foreground.ts'
import type { AddCommand } from '../command.ts'

export function addServeCommand(program: Command, add: AddCommand): void {
  add<{ port?: string; withPortal?: true }>(
    program,
    'serve',
    'runs the console for a browser on this machine',
    async (context, _args, options) => {
      const port = readPort(options.port)
      const opened = await context.console()
      const { serveBrowser } = await import('../../headless.ts')
      const served = await serveBrowser({ console: opened, log: context.log, port })
      opened.startSending()
      // Where it cannot run, the console says why; that is no reason not to serve the console.
      if (options.withPortal) await opened.portalRunner.start().catch((error: Error) => context.remark(error.message))
      context.print({ url: served.url, port: served.port }, `Open the console, once, at ${served.url}`)
      await untilStopped()
      await served.close()
    },
    { setsUpServer: true }
  )
    .option('--port <n>', 'port to listen on')
    .option('--with-portal', 'also runs the User Portal')
}
