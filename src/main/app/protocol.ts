import type { Protocol } from 'electron'
import type { RendererFiles } from '../http/renderer-files.ts'
import { consoleScheme, isConsoleUrl, isPassphraseUrl } from './address.ts'

/** Makes the console's scheme one with origins, storage and `fetch`. Must run before the application is ready. */
export function registerConsoleScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: consoleScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

export function serveConsoleScheme(
  protocol: Protocol,
  pages: { console: RendererFiles; passphrase: RendererFiles }
): void {
  protocol.handle(consoleScheme, async ({ method, url }) => {
    const files = isConsoleUrl(url) ? pages.console : isPassphraseUrl(url) ? pages.passphrase : null
    if (method !== 'GET' || !files) return new Response(null, { status: 404 })
    const { pathname, search } = new URL(url)
    const { status, headers, body } = await files.answer(pathname + search)
    return new Response(new Uint8Array(body), { status, headers })
  })
}
