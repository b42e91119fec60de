import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openConsole } from '../../../src/main/console.ts'
import { createFileLog } from '../../../src/main/system/log.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { createTestLog, fileKeySources, openTestConsole } from '../../support/console.ts'
import { mountSmall, resizeSmall, smallDiskNeed } from '../../support/small-disk.ts'
import { refusalOf } from '../../support/refusal.ts'

/** Takes all the room that a small disk has but for so much. */
function fill(small: string, spareKibibytes = 0): void {
  const { bfree, bsize } = statfsSync(small)
  writeFileSync(path.join(small, 'fill'), Buffer.alloc(Math.max(0, bfree * bsize - spareKibibytes * 1024)))
}

const attempt = (url: string, username: string) =>
  fetch(`${url}/userportal/AgentXML`, {
    method: 'POST',
    body: `<SASRequest><Version>3.6</Version><Action>provision</Action><Username>${username}</Username><ProvisionCode>ZZZZZZZZZZ</ProvisionCode></SASRequest>`
  })

describe('a portal on a full disk', () => {
  it('tells phones and monitoring to come back, says so once, and goes on when there is room', async ({ skip }) => {
    const small = mountSmall(4_000) ?? skip(smallDiskNeed)
    const console = await openTestConsole({ folder: path.join(small, 'data') })
    await console.call('users:add', { username: 'ada', group: 'Staff' })
    const portal = createPortal(console.portal)
    onTestFinished(() => portal.close())
    const { url } = await portal.listen({ host: '127.0.0.1', port: 0 })
    expect((await attempt(url, 'ada')).status).toBe(200)
    fill(small)

    const statuses: number[] = []
    for (let tried = 0; statuses.at(-1) !== 503 && tried < 2_000; tried++) {
      statuses.push((await attempt(url, `somebody ${tried}`)).status)
    }
    expect(new Set(statuses)).toEqual(new Set(statuses.length === 1 ? [503] : [200, 503]))
    const refused = await attempt(url, 'ada')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)])
    expect(await refused.text()).toMatch(/^The server cannot answer at the moment/)
    for (let asked = 0; asked < 20; asked++) expect((await attempt(url, 'ada')).status).toBe(503)
    const health = await fetch(`${url}/healthz`)
    expect([health.status, await health.json()]).toEqual([503, { status: 'unavailable', store: 'full' }])
    const { findings } = await console.call('status:todo', {})
    expect(findings).toContainEqual({ id: 'diskFull', weight: 'fault', folder: console.folder })
    const said = () => console.log.lines.filter((line) => /^(warn|error)/.test(line))
    expect(said()).toEqual([expect.stringContaining(`The disk that holds ${console.folder} is full`)])

    rmSync(path.join(small, 'fill'))
    await expect.poll(async () => (await fetch(`${url}/healthz`)).status, { timeout: 40_000 }).toBe(200)
    expect((await attempt(url, 'ada')).status).toBe(200)
    expect((await console.call('status:todo', {})).findings.map(({ id }) => id)).not.toContain('diskFull')
    expect(said()).toHaveLength(1)
    expect(console.log.lines.at(-1)).toContain('has room again')
  })

  it('does not start, and says that the disk is full rather than that it failed', async ({ skip }) => {
    const small = mountSmall(4_000) ?? skip(smallDiskNeed)
    const folder = path.join(small, 'data')
    const open = () => openConsole({ folder, sources: fileKeySources, log: createTestLog() })
    await (await open()).close()
    for (const spareKibibytes of [0, 8]) {
      fill(small, spareKibibytes)
      await expect(refusalOf(open)).resolves.toMatchObject({
        code: 'disk-full',
        message: expect.stringContaining('is full')
      })
      rmSync(path.join(small, 'fill'))
    }
    await (await open()).close()
  })
})

describe('the log on a full disk', () => {
  it('says once on the terminal that it cannot be written, without a trace, and in itself what it missed', async ({
    skip
  }) => {
    const small = mountSmall(64) ?? skip(smallDiskNeed)
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const elsewhere = vi.spyOn(console, 'log').mockReturnValue(undefined)
    onTestFinished(() => void vi.restoreAllMocks())
    const log = createFileLog(small)
    log.info('x'.repeat(100))
    for (let line = 0; line < 100; line++) log.info('x'.repeat(4_000))
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^The log .*logs cannot be written: the disk is full\.\n$/)]
    ])
    resizeSmall(small, 4_000)
    log.info('after')
    expect(readFileSync(path.join(small, 'logs', 'provision.log'), 'utf8')).toMatch(/after\n.*missingLines: \d+/s)
    expect(elsewhere.mock.calls).toEqual([])
    expect(said.mock.calls).toHaveLength(1)
  })
})
