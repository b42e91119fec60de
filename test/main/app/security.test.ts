import { describe, expect, it } from 'vitest'
import { isConsolePage, isConsoleUrl } from '../../../src/main/app/address.ts'
import { isOwnPage } from '../../../src/main/app/ipc.ts'
import { isDownloadAllowed, isPermissionGranted, isRequestAllowed } from '../../../src/main/app/security.ts'

const strangers = [
  'https://example.com/',
  'http://127.0.0.1:8642/',
  'http://app/',
  'file:///etc/passwd',
  'console://app.example.com/',
  'console://other/',
  'console:app',
  'consolex://app/',
  'console://app@evil.example/',
  'console://evil.example/#console://app/',
  'blob:https://example.com/1',
  'about:blank',
  'javascript:alert(1)',
  'ws://127.0.0.1:5173/',
  'devtools://devtools/bundled/',
  'chrome://gpu',
  '',
  'nonsense'
]

describe('addresses', () => {
  it.each(strangers)('%s is not the console', (url) => {
    expect([isConsoleUrl(url), isConsolePage(url), isDownloadAllowed(url)]).toEqual([false, false, false])
    expect(isPermissionGranted('clipboard-sanitized-write', url)).toBe(false)
  })

  it.each(strangers)('the page may not load %s', (url) => {
    expect(isRequestAllowed(url, null)).toBe(false)
  })

  it('the page may load its own files and the bytes that it holds', () => {
    for (const url of [
      'console://app/',
      'console://app/assets/index.js',
      'blob:console://app/1-2',
      'data:image/png,x'
    ]) {
      expect(isRequestAllowed(url, null)).toBe(true)
    }
    expect(isDownloadAllowed('blob:console://app/1-2')).toBe(true)
  })

  it('in development the page may load from that one server, and nothing more', () => {
    expect(isRequestAllowed('ws://127.0.0.1:5173/?token=x', 'ws://127.0.0.1:5173')).toBe(true)
    expect(isRequestAllowed('ws://127.0.0.1:51730/', 'ws://127.0.0.1:5173')).toBe(false)
    expect(isRequestAllowed('http://127.0.0.1:5173/', 'ws://127.0.0.1:5173')).toBe(false)
    expect(isRequestAllowed('https://example.com/', 'ws://127.0.0.1:5173')).toBe(false)
  })

  it('the window goes nowhere but to its page', () => {
    expect(isConsolePage('console://app/#/users')).toBe(true)
    expect(isConsolePage('console://app/?x')).toBe(true)
    expect(isConsolePage('console://app/assets/index.js')).toBe(false)
    expect(isConsolePage('console://passphrase/')).toBe(false)
  })
})

describe('permissions', () => {
  it.each([
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'usb',
    'serial',
    'hid',
    'fileSystem',
    'openExternal',
    'unknown'
  ])('%s is refused to our own page too', (permission) => {
    expect(isPermissionGranted(permission, 'console://app/')).toBe(false)
  })

  it('writing text to the clipboard is granted to our own page', () => {
    expect(isPermissionGranted('clipboard-sanitized-write', 'console://app/')).toBe(true)
  })
})

describe('isOwnPage', () => {
  type Sender = Parameters<typeof isOwnPage>[0]
  const build = (url: string) => {
    const mainFrame = { url }
    const contents = { mainFrame }
    return { mainFrame, contents }
  }
  // Only identity and address count; the rest of Electron's objects is not looked at.
  const check = (sender: object, senderFrame: object | null, own: object | null) =>
    isOwnPage({ sender, senderFrame } as Sender, own as Parameters<typeof isOwnPage>[1])

  it('trusts the top frame of the window on our page', () => {
    const { mainFrame, contents } = build('console://app/')
    expect(check(contents, mainFrame, contents)).toBe(true)
  })

  it('refuses a frame inside the page, another window, a page elsewhere, and a frame or window that is gone', () => {
    const { mainFrame, contents } = build('console://app/')
    const other = build('console://app/')
    const astray = build('https://example.com/')
    const passphrase = build('console://passphrase/')
    expect(check(contents, { url: 'console://app/' }, contents)).toBe(false)
    expect(check(other.contents, other.mainFrame, contents)).toBe(false)
    expect(check(astray.contents, astray.mainFrame, astray.contents)).toBe(false)
    expect(check(passphrase.contents, passphrase.mainFrame, passphrase.contents)).toBe(false)
    expect(check(contents, null, contents)).toBe(false)
    expect(check(contents, mainFrame, null)).toBe(false)
  })
})
