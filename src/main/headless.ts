import { AppError } from '../shared/errors.ts'
import { accountName } from './system/account.ts'
import type { Console } from './console.ts'
import { createBrowserHost, type BrowserHost } from './host/browser-host.ts'
import type { Log } from './system/log.ts'
import { developmentRendererUrl, rendererFolder } from './system/program-folder.ts'
import { createRendererFiles } from './http/renderer-files.ts'

/** A browser keeps its settings by address, so the console comes back to the same port where it can. */
const preferredPort = 8642

export interface ServeBrowserOptions {
  console: Console
  log: Log
  /** Without it the usual port, or a free one where that is taken. */
  port?: number | undefined
}

export interface ServedConsole {
  /** Opens the console once, in one browser. */
  url: string
  port: number
  close(): Promise<void>
}

/** Serves the console to a browser on this machine. Throws AppError `port-taken` or `address-unusable`. */
export async function serveBrowser({ console, log, port }: ServeBrowserOptions): Promise<ServedConsole> {
  const host = createBrowserHost({
    console,
    files: createRendererFiles(rendererFolder, developmentRendererUrl(process.env)),
    log,
    actor: `${accountName()} (browser)`
  })
  const at = port === undefined ? await listenOnUsualPort(host) : await host.listen({ port })
  return { ...at, close: host.close }
}

async function listenOnUsualPort(host: BrowserHost): Promise<{ url: string; port: number }> {
  try {
    return await host.listen({ port: preferredPort })
  } catch (error) {
    if (error instanceof AppError && error.code === 'port-taken') return host.listen({ port: 0 })
    throw error
  }
}
