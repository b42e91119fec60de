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
      const served = await serveBrowser({ console: await context.console(), log: context.log, port })
      context.print({ url: served.url, port: served.port }, `Open the console, once, at ${served.url}`)
      await untilStopped()
      await served.close()
    }
  ).option('--port <n>', 'port to listen on')
}
