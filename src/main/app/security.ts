import type { Session, WebContents } from 'electron'
import type { Log } from '../system/log.ts'
import { consoleUrl, isConsoleUrl, isPassphraseUrl } from './address.ts'

/**
 * Whether the page may load this. Scripts in it can then reach no other origin, whatever they try: its own files, bytes that
 * it holds already, and in development the server that pushes changed modules.
 */
export function isRequestAllowed(url: string, developmentWebSocket: string | null): boolean {
  if (isConsoleUrl(url) || isPassphraseUrl(url) || url.startsWith(`blob:${consoleUrl}`) || url.startsWith('data:'))
    return true
  if (developmentWebSocket === null) return false
  // The developer tools load themselves through the session that they look at.
  return url.startsWith('devtools:') || url.startsWith(`${developmentWebSocket}/`)
}

/** Everything a page can ask permission for is refused but one: to put text on the clipboard, which copy buttons need. */
export function isPermissionGranted(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isConsoleUrl(url)
}

/** Downloads hold what the page itself made (a report, a picture); the system asks where to save them. */
export function isDownloadAllowed(url: string): boolean {
  return url.startsWith(`blob:${consoleUrl}`)
}

/** As much of Electron's `app` as is needed here. */
interface SwitchableApp {
  commandLine: { appendSwitch(name: string, value?: string): void }
}

/**
 * Takes the network away from Chromium, which the pages never need: their scheme is answered by this program. What asks for no
 * permission and makes no request that could be refused (WebRTC, names looked up and connections opened in advance) finds
 * nothing there. The program itself goes another way, that of Node. Before the application is ready.
 */
export function closeNetwork({ commandLine }: SwitchableApp): void {
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
  // Nobody can listen on port 0, so that what WebRTC sends over TCP ends here; without `<-loopback>` this machine would be left out.
  commandLine.appendSwitch('proxy-server', 'http://0.0.0.0:0')
  commandLine.appendSwitch('proxy-bypass-list', '<-loopback>')
}

/** Refuses a session's requests, permissions and devices. Once, before any page is loaded. */
export function secureSession(session: Session, log: Log, developmentUrl: string | null): void {
  const developmentWebSocket = developmentUrl?.replace(/^http/, 'ws').replace(/\/$/, '') ?? null
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isAllowed = isRequestAllowed(url, developmentWebSocket)
    if (!isAllowed) log.warn('Refused a request of the page to another origin.', { url: withoutQuery(url) })
    callback({ cancel: !isAllowed })
  })
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) => {
    const isGranted = isPermissionGranted(permission, requestingUrl)
    if (!isGranted) log.warn('Refused a permission to the page.', { permission })
    callback(isGranted)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermissionGranted(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setBluetoothPairingHandler?.((_details, callback) => callback({ confirmed: false }))
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}))
  session.on('select-hid-device', refuseEvent)
  session.on('select-serial-port', refuseEvent)
  session.on('select-usb-device', refuseEvent)
  session.on('will-download', (event, item) => {
    if (!isDownloadAllowed(item.getURL())) event.preventDefault()
  })
}

/**
 * Refuses a page to go anywhere but to itself, to open anything and to embed anything. For every page as it is made.
 * `isItself` is told apart by the session a page is in: the console's pages must not reach what those of another may.
 */
export function secureContents(contents: WebContents, log: Log, isItself: (url: string) => boolean): void {
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('Refused a new window to the page.', { url: withoutQuery(url) })
    return { action: 'deny' }
  })
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.on('will-attach-webview', refuseEvent)
  contents.on('select-bluetooth-device', refuseEvent)
  const refuseLeaving = (event: { url: string; preventDefault(): void }): void => {
    if (isItself(event.url)) return
    log.warn('Refused the page to go elsewhere.', { url: withoutQuery(event.url) })
    event.preventDefault()
  }
  contents.on('will-frame-navigate', refuseLeaving)
  contents.on('will-navigate', refuseLeaving)
  contents.on('will-redirect', refuseLeaving)
}

function refuseEvent(event: { preventDefault(): void }): void {
  event.preventDefault()
}

/** A query may hold what the log must not. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').slice(0, 200)
}
