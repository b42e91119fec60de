import type { Command } from 'commander'
import { readPort, untilStopped } from '../foreground.ts'
import type { CommandContext } from '../context.ts'
import type { AddCommand } from '../command.ts'

interface PortalCommandOptions {
  host?: string
  port?: string
  tls: boolean
}

export function addPortalCommand(program: Command, add: AddCommand): void {
  add<PortalCommandOptions>(program, 'portal', 'runs the User Portal in the foreground', runPortal, {
    setsUpServer: true
  })
    .option('--host <address>', 'address to listen on (default: portal.address)')
    .option('--port <n>', 'port to listen on (default: portal.port)')
    .option('--no-tls', 'plain HTTP')
}

async function runPortal(context: CommandContext, _args: string[], options: PortalCommandOptions): Promise<void> {
  const opened = await context.console()
  const { portalRunner: portal } = opened
  const port = readPort(options.port)
  const { url, port: taken } = await portal.start({ host: options.host, port, ...(!options.tls && { tls: false }) })
  context.print({ url, port: taken }, `The User Portal listens on ${url}`)
  const { publicAddress } = await context.call('status:get', {})
  if (publicAddress !== url) {
    context.remark(
      `Phones are told to go to ${publicAddress} (server.host, server.port, server.usesSsl). Change that if nothing there leads here.`
    )
  }
  const { certificate } = await context.call('portal:get', {})
  const { validityProblem } = await import('../../portal/certificate.ts')
  const problem = certificate && validityProblem(certificate, Date.now())
  if (problem !== null) context.remark(problem)
  opened.startSending()
  await untilStopped()
  await portal.stop()
}
