import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { cliProgram } from '../support/cli.ts'
import { createTestFolder } from '../support/console.ts'

/** Without it no program can be given another clock than the machine's. */
const hasFaketime = spawnSync('faketime', ['--version']).status === 0

/** Programs with clocks of their own over one folder; each gives what it printed as JSON. */
function createProvision() {
  const folder = createTestFolder()
  return (clockOffset: string, ...args: string[]): unknown => {
    const command = ['-f', clockOffset, process.execPath, cliProgram, '--data', folder, '--json', ...args]
    const { status, stdout, stderr } = spawnSync('faketime', command, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }
}

describe.skipIf(!hasFaketime)('programs whose clocks differ', () => {
  it.each(['+25h', '-25h', '+9y', '-9y'])('let a code of a minute expire in time after a clock at %s', (jump) => {
    const provision = createProvision()
    provision('+0s', 'users', 'add', 'ann', '--group', 'Staff')
    provision(jump, 'settings', 'set', 'server.name=Jump')
    provision('+0s', 'codes', 'issue', 'ann', '--valid', '1m')
    const state = (offset: string) => (provision(offset, 'codes', 'list') as { state: string }[])[0]?.state
    expect(state('+1s')).toBe('live')
    expect(state('+100s')).toBe('expired')
    provision('+100s', 'settings', 'set', 'server.name=Later')
    for (const offset of ['+0s', jump, '-3y', '+0s']) expect([offset, state(offset)]).toEqual([offset, 'expired'])
    expect(provision('+0s', 'audit', 'verify')).toMatchObject({ brokenRow: null })
  })

  it('go on by one time, whichever writes when', () => {
    const provision = createProvision()
    provision('+0s', 'users', 'add', 'ann', '--group', 'Staff')
    let latestMs = 0
    for (const offset of ['+3h', '-2h', '+0s', '+26h', '+0s', '-1y', '+1h', '+0s']) {
      provision(offset, 'settings', 'set', `server.name=${offset}`)
      const entries = provision('+0s', 'log') as { at: string }[]
      const atMs = Date.parse(entries.at(-1)?.at ?? '')
      expect(atMs).toBeGreaterThan(latestMs)
      latestMs = atMs
    }
    provision('+0s', 'time', 'set-right')
    const now = provision('+0s', 'time', 'show') as { aheadMs: number }
    expect(now.aheadMs).toBeLessThan(1000)
  })
})
