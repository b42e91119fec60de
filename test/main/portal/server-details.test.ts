import { describe, expect, it } from 'vitest'
import { formatServerDetails } from '../../../src/main/portal/server-details.ts'
import { parseXml } from '../../../src/main/system/xml.ts'

const server = { siteId: 7, host: 'portal.example.org', port: 8443, usesSsl: true, connectionType: 'proxy' }

describe('formatServerDetails', () => {
  it('gives what an app needs, in the order that apps expect', () => {
    expect(formatServerDetails('7', server)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><getServerDetailsResponse><responseCode>0</responseCode><SSDetails>' +
        '<hostname>portal.example.org</hostname><usingSSL>YES</usingSSL><pushSupport>NO</pushSupport><local>NO</local>' +
        '<pin>YES</pin><oath>NO</oath><port>8443</port><connectionType>proxy</connectionType>' +
        '</SSDetails></getServerDetailsResponse>'
    )
  })

  it('says when there is no TLS and puts an IPv6 address in brackets once', () => {
    for (const host of ['2001:db8::1', '[2001:db8::1]']) {
      const xml = formatServerDetails('7', { ...server, host, usesSsl: false })
      expect(xml).toContain('<hostname>[2001:db8::1]</hostname><usingSSL>NO</usingSSL>')
    }
  })

  it.each([[undefined], [''], ['8'], ['007'], [' 7'], ['7 '], ['7.0'], ['0x7'], ['７'], [['7', '7']], [['7']], [7]])(
    'does not know the id %j',
    (id) => {
      const [responseCode, ...rest] = parseXml(formatServerDetails(id, server), 'getServerDetailsResponse').children
      expect([responseCode?.name, responseCode?.text]).toEqual(['responseCode', '1'])
      expect(rest).toEqual([])
    }
  )
})
