import { urlHost } from '../../shared/settings.ts'
import { formatXmlDocument } from '../system/xml.ts'

/** Where apps find this server, as its settings say it. */
export interface ServerDetails {
  siteId: number
  host: string
  port: number
  usesSsl: boolean
  connectionType: string
}

/**
 * The answer to an app that asks for the settings of the server with the given Site ID. The id is compared as text, so
 * that `007` is not 7; anything but one string is nobody's id.
 */
export function formatServerDetails(id: unknown, server: ServerDetails): string {
  if (id !== String(server.siteId)) {
    return formatXmlDocument('getServerDetailsResponse', [{ name: 'responseCode', content: '1' }])
  }
  const leaves = {
    hostname: urlHost(server.host),
    usingSSL: server.usesSsl ? 'YES' : 'NO',
    pushSupport: 'NO',
    local: 'NO',
    // One-time codes are picked out of security strings by the user's PIN.
    pin: 'YES',
    oath: 'NO',
    port: String(server.port),
    connectionType: server.connectionType
  }
  return formatXmlDocument('getServerDetailsResponse', [
    { name: 'responseCode', content: '0' },
    { name: 'SSDetails', content: Object.entries(leaves).map(([name, content]) => ({ name, content })) }
  ])
}
