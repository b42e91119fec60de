import type { IncomingMessage } from 'node:http'

/** Whether a request names its host more than once: two programs that read it then may take it for two hosts (RFC 9112, 3.2). */
export function namesSeveralHosts({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1
}
