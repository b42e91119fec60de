/** A scheme of our own instead of `file:`: its pages have an origin, and nothing else on this machine has the same. */
export const consoleScheme = 'console'

export const consoleUrl = `${consoleScheme}://app/`
/** The page that asks for the passphrase of the data key: another origin, so the contract does not answer it. */
export const passphraseUrl = `${consoleScheme}://passphrase/`

export function isConsoleUrl(url: string): boolean {
  return hasOriginOf(url, consoleUrl)
}

export function isPassphraseUrl(url: string): boolean {
  return hasOriginOf(url, passphraseUrl)
}

/** Whether it is the console's page itself, which may load itself again. */
export function isConsolePage(url: string): boolean {
  return isConsoleUrl(url) && new URL(url).pathname === '/'
}

/** Where a file that is printed lies while the reader has it, in a session that reaches nothing else. */
export const printedFilesUrl = 'https://sheet.invalid/'
/** Chromium's own reader of PDF files. */
const pdfReaderUrl = 'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/'

/** What the pages go to that read a file which is printed. */
export function isReaderUrl(url: string): boolean {
  return hasOriginOf(url, printedFilesUrl) || hasOriginOf(url, pdfReaderUrl) || url === 'about:blank'
}

/** Compares scheme and host: `URL.origin` is `null` for every scheme that Node does not know. */
function hasOriginOf(url: string, own: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/` === own
}
