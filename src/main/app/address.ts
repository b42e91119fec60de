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

/** Compares scheme and host: `URL.origin` is `null` for every scheme that Node does not know. */
function hasOriginOf(url: string, own: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/` === own
}
