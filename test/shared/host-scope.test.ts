import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scopeOfHost } from '../../src/shared/host-scope.ts'

describe('from where a host can be reached', () => {
  it.each([
    ['localhost', 'loopback'],
    ['console.LOCALHOST', 'loopback'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.3', 'loopback'],
    ['::1', 'loopback'],
    ['[0:0:0:0:0:0:0:1]', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.7.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['169.254.1.1', 'private'],
    ['fe80::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['[fd12:3456::1]', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['2001:db8::1', 'public'],
    ['198.51.100.7', 'public'],
    ['portal.example.com', 'name'],
    ['1.2.3', 'name'],
    ['256.1.1.1', 'name'],
    ['not:an:address', 'name']
  ])('%s: %s', (host, scope) => {
    expect(scopeOfHost(host)).toBe(scope)
  })

  it('is what Node says of every address', () => {
    const loopback = new BlockList()
    loopback.addSubnet('127.0.0.0', 8, 'ipv4')
    loopback.addAddress('::1', 'ipv6')
    const unreachable = new BlockList()
    for (const [address, prefix] of [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['169.254.0.0', 16]
    ] as const)
      unreachable.addSubnet(address, prefix, 'ipv4')
    unreachable.addSubnet('fe80::', 10, 'ipv6')
    unreachable.addSubnet('fc00::', 7, 'ipv6')
    const expected = (address: string, kind: 'ipv4' | 'ipv6') => {
      if (loopback.check(address, kind)) return 'loopback'
      return unreachable.check(address, kind) ? 'private' : 'public'
    }
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        expect(scopeOfHost(four)).toBe(expected(four, 'ipv4'))
        expect(scopeOfHost(six)).toBe(expected(six, 'ipv6'))
      })
    )
  })
})
