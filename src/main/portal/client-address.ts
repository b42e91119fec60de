import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** An IPv4 client of a socket that listens on both families is itself, not one of all those under `::ffff:0:0/96`. */
export function clientAddress(request: FastifyRequest): string {
  return plainAddress(request.ip)
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

/** Whether an address lies in one of the networks (`192.0.2.0/24`, `2001:db8::/32`): whose `X-Forwarded-For` is believed. */
export function createNetworkCheck(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return (address) => {
    const plain = plainAddress(address)
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}
