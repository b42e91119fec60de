import { describe, expect, it, onTestFinished } from 'vitest'
import { createPortal } from '../../../../src/main/portal/portal.ts'
import { createCliFolder } from '../../../support/cli.ts'

describe('provision diagnose', () => {
  it('calls nothing well beside a doubt, and fails only for what is certain', async () => {
    const { console, cli } = await createCliFolder('username\nada\n')
    const portal = createPortal(console.portal)
    onTestFinished(() => portal.close())
    const { port } = await portal.listen({ host: '127.0.0.1', port: 0 })
    await console.call('settings:set', {
      changes: { 'server.host': '127.0.0.1', 'server.port': port, 'portal.port': port, 'server.usesSsl': false }
    })
    await console.call('codes:issue', { selection: { usernames: ['ada'] } })

    const doubtful = await cli.run(['diagnose', 'ada'])
    expect([doubtful.exitCode, doubtful.stderr]).toEqual([0, ''])
    expect(doubtful.stdout).toContain('! 127.0.0.1 is this machine alone')
    expect(doubtful.stdout).toContain(
      `An app was provisioned at http://127.0.0.1:${port}, but look at what is marked “!” above.`
    )
    expect(doubtful.stdout).not.toContain('ll is well')

    await console.call('users:disable', { selection: { usernames: ['ada'] } })
    const faulty = await cli.run(['diagnose', 'ada'])
    expect([faulty.exitCode, faulty.stderr]).toEqual([1, ''])
    expect(faulty.stdout).toContain('✗ ada is disabled')
    expect(faulty.stdout).toContain('→ provision users enable ada')
    expect(faulty.stdout.trimEnd().endsWith('Not all is well.')).toBe(true)
  })
})
