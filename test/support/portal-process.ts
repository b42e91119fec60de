import { onTestFinished } from 'vitest'
import { spawnProvision, type CliResult } from './cli.ts'

/** `provision portal` as a process that runs until it is ended. */
export interface PortalProcess {
  url: string
  port: number
  pid: number
  /** Asks it to end, as a service manager does. */
  terminate(): Promise<CliResult>
  /** Ends it at once, as a power cut does. */
  kill(): Promise<CliResult>
}

/** Starts a portal, over plain HTTP unless told else, and waits until it listens; port 0 takes a free one. It ends with the test. */
export async function startPortalProcess(folder: string, { port = 0, tls = false } = {}): Promise<PortalProcess> {
  const args = ['--data', folder, 'portal', '--host', '127.0.0.1', '--port', String(port), ...(tls ? [] : ['--no-tls'])]
  const { child, ended } = spawnProvision(args)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  onTestFinished(async () => {
    await end('SIGKILL')
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const found = /^The User Portal listens on (\S+)\n/m.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    ended.then(({ exitCode, stderr }) => reject(new Error(`the portal ended with ${exitCode}: ${stderr}`)), reject)
  })
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    terminate: () => end('SIGTERM'),
    kill: () => end('SIGKILL')
  }
}
