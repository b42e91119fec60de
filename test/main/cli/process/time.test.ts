import { describe, expect, it } from 'vitest'
import { createCli } from '../../../support/cli.ts'
import { createTestClock, openTestConsole } from '../../../support/console.ts'

const aheadMs = 25 * 3_600_000

/** A data folder that a program with a clock 25 hours ahead has left behind. */
async function createFolderAhead(): Promise<ReturnType<typeof createCli>> {
  const console = await openTestConsole({ clock: createTestClock(Date.now() + aheadMs) })
  await console.call('users:add', { username: 'ann', group: 'Staff' })
  await console.close()
  return createCli(console.folder)
}

describe('provision time', () => {
  it('shows by how much the time runs ahead, sets it right, and then finds nothing to do', async () => {
    const cli = await createFolderAhead()
    await cli.json(['codes', 'issue', 'ann', '--valid', '30d'])
    const shown = await cli.json<{ aheadMs: number; since: string; liveCodes: number }>(['time', 'show'])
    expect(shown).toMatchObject({ since: expect.any(String) as string, liveCodes: 1, liveLinks: 0 })
    expect(Math.abs(shown.aheadMs - aheadMs)).toBeLessThan(aheadMs / 2)
    expect((await cli.run(['time', 'show'])).stdout).toContain('The time runs 25 h ahead since ')

    const done = await cli.json<{ from: string; to: string }>(['time', 'set-right'])
    expect(done).toMatchObject({ withdrawnCodes: 1, endedLinks: 0, keptMails: 0 })
    expect(Date.parse(done.to)).toBeLessThan(Date.parse(done.from))
    expect((await cli.run(['time', 'show'])).stdout).toContain('The time agrees with the clock.')
    expect(await cli.json(['audit', 'verify'])).toMatchObject({ brokenRow: null })
    const last = await cli.json<{ kind: string; at: string }[]>(['log', '--until', done.to])
    expect(last.map(({ kind, at }) => [kind, at])).toEqual([['time.set-right', done.to]])
    expect(await cli.refusal(['time', 'set-right'])).toMatchObject({ code: 'time-is-right' })
  })

  it('counts how long ago by the time of the log, not by the clock', async () => {
    const cli = await createFolderAhead()
    await cli.json(['settings', 'set', 'server.name=Now'])
    const recent = await cli.json<{ kind: string }[]>(['log', '--until', '1h'])
    expect(recent).toEqual([])
    expect((await cli.json<unknown[]>(['log', '--since', '1h'])).length).toBeGreaterThan(0)
  })
})
