import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { urlHost } from '../../../shared/settings.ts'
import { createPortal } from '../../portal/portal.ts'
import { UsageError, type CommandContext } from '../context.ts'
import type { AddCommand } from '../program.ts'

interface PortalCommandOptions {
  host?: string
  port?: string
  tls: boolean
}

export function addPortalCommand(program: Command, add: AddCommand): void {
  add<PortalCommandOptions>(program, 'portal', 'runs the User Portal in the foreground', runPortal)
    .option('--host <address>', 'address to listen on (default: portal.address)')
    .option('--port <n>', 'port to listen on (default: portal.port)')
    .option('--no-tls', 'plain HTTP')
}

async function runPortal(context: CommandContext, _args: string[], options: PortalCommandOptions): Promise<void> {
  if (options.tls) {
    throw new AppError(
      'tls-unavailable',
      'This version of the portal speaks plain HTTP only; start it with --no-tls, behind a proxy that does TLS.'
    )
  }
  const opened = await context.console()
  const { portal: parts } = opened
  const settings = new Map((await context.call('settings:list', {})).map(({ key, value }) => [key, value]))
  const host = options.host ?? String(settings.get('portal.address'))
  const port = readPort(options.port) ?? Number(settings.get('portal.port'))
  const portal = createPortal(parts)
  const { url, port: taken } = await portal.listen({ host, port })
  context.print({ url, port: taken }, `The User Portal listens on ${url}`)
  const server = await parts.readServer()
  const told = `${server.usesSsl ? 'https' : 'http'}://${urlHost(server.host)}:${server.port}`
  if (told !== url) {
    context.remark(
      `Phones are told to go to ${told} (server.host, server.port, server.usesSsl). Change that if nothing there leads here.`
    )
  }
  opened.startSending()
  await untilStopped()
  await portal.close()
}

export function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError('--port must be a number from 0 to 65535.')
  return port
}

/** Resolves on Ctrl+C, or when the service manager says stop. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}
