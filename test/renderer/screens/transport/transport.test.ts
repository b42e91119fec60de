import { describe, expect, it } from 'vitest'
import { transportDefaults, type Transport } from '../../../../src/shared/transport.ts'
import {
  reasonAgainstField,
  storedFieldsOf,
  transportChangeOf
} from '../../../../src/renderer/screens/transport/transport-draft.ts'
import { readTransportPlace, routeOfPlace } from '../../../../src/renderer/screens/transport/transport-route.ts'

const transport: Transport = {
  name: 'default',
  ...transportDefaults,
  hasPassword: true,
  hasClientSecret: false,
  missing: ['host'],
  groups: []
}

describe('the form of a transport', () => {
  it('holds no secret, only whether one is kept', () => {
    const { password, clientSecret } = storedFieldsOf(transport)
    expect(password).toEqual({ value: '', isDefault: false })
    expect(clientSecret).toEqual({ value: '', isDefault: true })
  })

  it('sends a default as itself and takes a secret away with null', () => {
    expect(transportChangeOf({ port: null, password: null })).toEqual({ port: 587, password: null })
  })

  it('refuses at the door what the console refuses', () => {
    expect(reasonAgainstField('port', 0)).not.toBeNull()
    expect(reasonAgainstField('sender', 'a@example.com\r\nBcc: b@example.com')).not.toBeNull()
    expect(reasonAgainstField('tokenUrl', 'http://example.com/token')).not.toBeNull()
    expect(reasonAgainstField('password', 'p\0')).not.toBeNull()
    expect(reasonAgainstField('password', null)).toBeNull()
    expect(reasonAgainstField('host', 'smtp.example.com')).toBeNull()
  })
})

describe('the address of the transport screen', () => {
  it.each([
    { part: 'server', name: 'vienna' },
    { part: 'templates', kind: 'code', group: null },
    { part: 'templates', kind: 'notice', group: 'Sales: north / 50 %' }
  ] as const)('comes back as it was: %o', (place) => {
    expect(readTransportPlace(routeOfPlace(place).item)).toEqual(place)
  })

  it('is the default transport where it names nothing', () => {
    expect(readTransportPlace(null)).toEqual({ part: 'server', name: 'default' })
  })
})
