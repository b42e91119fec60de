import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createCli, readError } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'
import { startPortalProcess } from '../../../support/portal-process.ts'

describe('provision portal', () => {
  it('listens until it is told to end, says where, and where phones are told to go instead', async () => {
    const folder = createTestFolder()
    const portal = await startPortalProcess(folder)
    const health = await fetch(`${portal.url}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ store: 'ok' })])
    const ended = await portal.terminate()
    expect(ended).toMatchObject({ exitCode: 0, signal: null, stdout: `The User Portal listens on ${portal.url}\n` })
    expect(ended.stderr).toMatch(/^Phones are told to go to https:\/\/127\.0\.0\.1:8443 .*\n$/)
    await expect(fetch(`${portal.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('says which port is taken and how to change it', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const cli = createCli(createTestFolder())
    await cli.json(['settings', 'set', `portal.port=${port}`])
    const refused = await cli.run(['portal', '--no-tls'])
    const message = `Port ${port} on 127.0.0.1 is taken by another program; choose another one (setting portal.port).`
    expect(refused).toEqual({ exitCode: 1, signal: null, stdout: '', stderr: `provision: ${message}\n` })
    const asJson = await cli.run(['portal', '--no-tls', '--port', String(port), '--json'])
    expect([asJson.exitCode, readError(asJson.stderr)]).toEqual([1, { code: 'port-taken', message }])
    expect(await cli.refusal(['portal', '--no-tls', '--host', '192.0.2.1'])).toMatchObject({ code: 'address-unusable' })
    taken.close()
  })
})
