import { once } from 'node:events'
import { request } from 'node:https'
import { connect, createServer as createPlainServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { connectionFault } from '../../../src/main/system/connection-faults.ts'
import { createAuthority } from '../../support/certificates.ts'

/** Why an HTTPS request to a server that listens on this machine comes to nothing. */
async function faultOf(server: Server, host = '127.0.0.1'): Promise<string> {
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const asked = request({
    host: '127.0.0.1',
    servername: '',
    port: (server.address() as AddressInfo).port,
    headers: { host }
  })
  const failed = once(asked, 'error')
  asked.end()
  const [error] = (await failed) as [Error]
  return connectionFault(error)
}

it('a failure of TLS is said in plain words, not in those of OpenSSL', async () => {
  const authority = await createAuthority()
  const { cert, key } = await authority.issue({ host: '127.0.0.1' })
  const plain = createPlainServer((socket) => socket.on('error', () => undefined).end('220 ready\r\n'))
  const silent = createPlainServer((socket) => socket.on('error', () => undefined).destroy())
  const old = createTlsServer({ cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })
  expect([
    await faultOf(plain),
    await faultOf(silent),
    await faultOf(old),
    await faultOf(createTlsServer({})),
    await faultOf(createTlsServer({ cert, key }))
  ]).toEqual([
    'it does not speak TLS there',
    'it broke the connection off',
    'it speaks only versions of TLS that are too old or too new',
    'the two sides have no way of encrypting in common',
    'nobody whom this machine trusts has signed its certificate, or a certificate between is missing'
  ])
})

it('a name that is not there, and a port where nothing listens, are told apart', async () => {
  const failureTo = async (host: string) =>
    connectionFault(((await once(connect({ host, port: 1 }), 'error')) as [Error])[0])
  expect(await failureTo('127.0.0.1')).toBe('nothing listens there')
  expect(['there is no such name', 'the name service does not answer']).toContain(await failureTo('none.invalid'))
})

it('what is unknown is said to be no more than a failure', () => {
  expect(connectionFault(new Error('0x80A9FF: internal.c:81'))).toBe('the connection failed')
})
