import type { Command } from 'commander'
import { serveBrowser } from '../../headless.ts'
import type { AddCommand } from '../program.ts'
import { readPort, untilStopped } from './portal.ts'

export function addServeCommand(program: Command, add: AddCommand): void {
  add<{ port?: string }>(
    program,
    'serve',
    'runs the console for a browser on this machine',
    async (context, _args, options) => {
      const port = readPort(options.port)
      const opened = await context.console()
      const served = await serveBrowser({ console: opened, log: context.log, port })
      opened.startSending()
      context.print({ url: served.url, port: served.port }, `Open the console, once, at ${served.url}`)
      await untilStopped()
      await served.close()
    }
  ).option('--port <n>', 'port to listen on')
}
