/**
 * Whether the `Host` header is a name of this host. Another name means that a stranger's domain was pointed at this machine
 * (DNS rebinding), whose pages a browser would take for our own.
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  // A browser leaves out the port that is HTTP's own.
  const suffixes = port === 80 ? ['', ':80'] : [`:${port}`]
  return names.some((name) => suffixes.some((suffix) => host === `${name}${suffix}`))
}

export interface RequestOrigin {
  method: string
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
}

/**
 * Whether a page of this very host asks. Other ports of this machine are the same *site*, so the cookie's `SameSite` does
 * not keep them out. Browsers name no `Origin` on a plain GET but always say `Sec-Fetch-Site` there; one of both must be.
 */
export function isSameOrigin({ method, host, origin, fetchSite }: RequestOrigin): boolean {
  if (origin === undefined && (fetchSite === undefined || method !== 'GET')) return false
  if (origin !== undefined && origin !== `http://${host}`) return false
  return fetchSite === undefined || fetchSite === 'same-origin'
}
