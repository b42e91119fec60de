import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { createRequestLog } from '../../../src/main/portal/request-log.ts'
import { daysUntil } from '../../../src/main/status/status-figures.ts'
import { createTestFolder, openTestConsole, testStartMs, type TestConsole } from '../../support/console.ts'
import { freePort } from '../../support/free-port.ts'
import { addUsers, everybody, openMailConsole } from '../../support/mail-console.ts'
import { createAuthority } from '../../support/certificates.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const openSteps = async (console: TestConsole) =>
  (await console.call('status:todo', {})).steps.filter(({ isDone }) => !isDone).map(({ id }) => id)
const findingsOf = async (console: TestConsole) => (await console.call('status:todo', {})).findings
const findingIds = async (console: TestConsole) => (await findingsOf(console)).map(({ id }) => id)

/** Nothing answers there, whatever else runs on this machine. */
async function useFreePort(console: TestConsole): Promise<void> {
  await console.call('settings:set', { changes: { 'portal.port': await freePort() } })
}

/** Files of an authority's certificate, as an administrator has them. */
async function giveCertificate(console: TestConsole, validToMs: number): Promise<string> {
  const { cert, key } = await (await createAuthority()).issue({ host: 'codes.example.com', validToMs })
  const folder = createTestFolder()
  const [certificateFile, keyFile] = [path.join(folder, 'portal.crt'), path.join(folder, 'portal.key')]
  writeFileSync(certificateFile, cert)
  writeFileSync(keyFile, key)
  await console.call('settings:set', {
    changes: { 'portal.certificateFile': certificateFile, 'portal.keyFile': keyFile }
  })
  return certificateFile
}

/** The way of an app over the console's own portal parts. */
async function setUpApp(console: TestConsole, username: string): Promise<void> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  const outcome = await console.portal.provisioning.provision({
    username,
    code: issued[0]?.code ?? '',
    address: '203.0.113.9'
  })
  if (!('id' in outcome)) throw new Error(outcome.error)
  await console.portal.provisioning.downloadSecurityStrings({ id: outcome.id, address: '203.0.113.9' })
}

describe('what a new server needs', () => {
  it('comes in the order in which it should be done, and each is ticked off by doing it', async () => {
    const console = await openMailConsole(0)
    await console.call('settings:set', { changes: { 'transport.default.host': '' } })
    const { steps, findings } = await console.call('status:todo', {})
    expect(steps.map(({ id }) => id)).toEqual([
      'publicName',
      'certificate',
      'transport',
      'group',
      'import',
      'mailToMe',
      'scan'
    ])
    expect(steps.find(({ id }) => id === 'certificate')).toMatchObject({ fault: 'self-signed' })
    // Staff may use a Mobile Client from the first start on.
    expect(await openSteps(console)).toEqual(['publicName', 'certificate', 'transport', 'import', 'mailToMe', 'scan'])
    expect(findings.map(({ id }) => id)).toEqual(['keyFile'])

    await console.call('settings:set', { changes: { 'server.host': 'codes.example.com' } })
    await giveCertificate(console, testStartMs + 90 * dayMs)
    await console.call('settings:set', { changes: { 'transport.default.host': '127.0.0.1' } })
    expect(await openSteps(console)).toEqual(['import', 'mailToMe', 'scan'])
    await console.call('groups:set', { name: 'Staff', change: { mobileClient: false } })
    expect(await openSteps(console)).toContain('group')
    await console.call('groups:set', { name: 'Staff', change: { mobileClient: true } })
    await addUsers(console, 2)
    expect(await openSteps(console)).toEqual(['mailToMe', 'scan'])
    await console.call('transports:test', { name: 'default', address: 'me@example.com' })
    expect(await openSteps(console)).toEqual(['scan'])
    await setUpApp(console, 'u1')
    expect((await console.call('status:todo', {})).steps).toEqual([])
  })

  it('ticks no mail off that the mail server refused', async () => {
    const console = await openMailConsole(1, { rcpt: () => '550 5.1.1 No such user' })
    const { accepted } = await console.call('transports:test', { name: 'default', address: 'me@example.com' })
    expect([accepted, (await openSteps(console)).includes('mailToMe')]).toEqual([false, true])
  })
})

describe('what is wrong', () => {
  it('names an address that few reach, a certificate that phones refuse, and a portal that is down, once apps are out', async () => {
    const console = await openMailConsole(2)
    await useFreePort(console)
    await setUpApp(console, 'u1')
    expect(await findingsOf(console)).toMatchObject([
      { id: 'addressNarrow', scope: 'loopback', isMailed: true, weight: 'fault' },
      { id: 'certificateSelfSigned', weight: 'fault' },
      { id: 'portalDown', weight: 'fault' },
      { id: 'backupOld', atMs: null, weight: 'warning' },
      { id: 'keyFile', weight: 'advice' }
    ])
    await console.call('settings:set', { changes: { 'server.host': '192.168.1.4', 'server.usesSsl': false } })
    expect(await findingsOf(console)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'addressNarrow', scope: 'private', weight: 'fault' }),
        expect.objectContaining({ id: 'plainHttp' })
      ])
    )
  })

  it('says that the portal runs only while the console does, or why it does not', async () => {
    const console = await openTestConsole()
    await addUsers(console, 1)
    await useFreePort(console)
    await console.portalRunner.start({ host: '127.0.0.1', port: 0 })
    expect(await findingIds(console)).toContain('portalInConsole')
    await console.portalRunner.stop()
    expect(await findingIds(console)).toContain('portalDown')
  })

  it('counts codes that expired unused until a new one takes their place', async () => {
    const console = await openTestConsole()
    await addUsers(console, 3)
    await console.call('codes:issue', { selection: { filter: {} }, validForMs: hourMs })
    console.clock.advance(2 * hourMs)
    expect(await findingsOf(console)).toContainEqual({ id: 'codesExpired', users: 3, weight: 'warning' })
    await console.call('codes:issue', { selection: { usernames: ['u1'] }, validForMs: hourMs })
    expect(await findingsOf(console)).toContainEqual({ id: 'codesExpired', users: 2, weight: 'warning' })
  })

  it('counts mails that failed, until the user is mailed again or a week has passed', async () => {
    let isRefusing = true
    const console = await openMailConsole(3, { rcpt: () => (isRefusing ? '550 5.1.1 No such user' : null) })
    await console.call('mail:send', everybody)
    await console.sendDue()
    expect(await findingsOf(console)).toContainEqual({ id: 'mailsFailed', mails: 3, weight: 'warning' })
    isRefusing = false
    await console.call('mail:send', { selection: { usernames: ['u1'] } })
    await console.sendDue()
    expect(await findingsOf(console)).toContainEqual({ id: 'mailsFailed', mails: 2, weight: 'warning' })
    console.clock.advance(8 * dayMs)
    expect(await findingIds(console)).not.toContain('mailsFailed')
  })

  it('names the batch that a refused sender stopped, with the mail server’s reason', async () => {
    const console = await openMailConsole(2, { mail: () => '550 5.7.1 Sender refused' })
    await console.call('mail:send', everybody)
    await console.sendDue()
    const stopped = (await findingsOf(console)).find(({ id }) => id === 'outboxStopped')
    expect(stopped).toMatchObject({ batchId: 1, weight: 'fault', reason: expect.stringContaining('Sender refused') })
  })

  it('asks for a backup where there is none, or none of the last week', async () => {
    const console = await openTestConsole()
    await addUsers(console, 1)
    expect(await findingsOf(console)).toContainEqual({ id: 'backupOld', atMs: null, weight: 'warning' })
    const file = path.join(createTestFolder(), 'server.backup')
    await console.backups.createFile(
      file,
      { passphrase: 'a passphrase of five words', overwrite: false },
      { actor: 'ann' }
    )
    expect(await findingIds(console)).not.toContain('backupOld')
    const { lastBackup } = await console.call('status:figures', {})
    expect(lastBackup).toMatchObject({ atMs: testStartMs, file, actor: 'ann', users: 1 })
    expect(lastBackup?.bytes).toBeGreaterThan(1000)
    console.clock.advance(8 * dayMs)
    expect(await findingsOf(console)).toContainEqual({ id: 'backupOld', atMs: testStartMs, weight: 'warning' })
  })

  it('notices a clock that was set back, a certificate that ends soon, and files that cannot be read', async () => {
    const console = await openTestConsole()
    await addUsers(console, 1)
    await setUpApp(console, 'u1')
    console.clock.advance(-25 * hourMs)
    expect(await findingsOf(console)).toContainEqual(
      expect.objectContaining({ id: 'clockBehind', byMs: expect.closeTo(25 * hourMs, -4) })
    )
    const certificateFile = await giveCertificate(console, testStartMs + 9 * dayMs)
    expect(await findingsOf(console)).toContainEqual(expect.objectContaining({ id: 'certificateEnds', isOver: false }))
    writeFileSync(certificateFile, 'no certificate')
    expect(await findingIds(console)).toContain('certificateUnreadable')
  })
})

describe('figures', () => {
  it('count the codes of each day by what became of them, also of those that nobody touched since', async () => {
    const console = await openTestConsole()
    await addUsers(console, 4)
    await setUpApp(console, 'u1')
    await console.call('codes:issue', { selection: { usernames: ['u2', 'u3', 'u4'] }, validForMs: dayMs })
    console.clock.advance(2 * dayMs)
    await setUpApp(console, 'u2')
    await console.call('codes:issue', { selection: { usernames: ['u4'] }, validForMs: hourMs })
    await console.call('codes:withdraw', { selection: { usernames: ['u4'] } })
    const { days } = await console.call('status:figures', {})
    expect(days).toHaveLength(30)
    expect(days.slice(0, 27).every(({ issued, used, expired }) => issued + used + expired === 0)).toBe(true)
    expect(days.slice(27).map(({ issued, used, expired }) => [issued, used, expired])).toEqual([
      [4, 1, 0],
      [0, 0, 3],
      [2, 1, 0]
    ])
  })

  it('divide days at midnight of the machine’s zone, also where the clock is changed', () => {
    const days = daysUntil(new Date(2026, 9, 26, 12).getTime(), 5)
    expect(days.map(({ startMs }) => new Date(startMs).getHours())).toEqual([0, 0, 0, 0, 0])
    expect(days.map(({ endMs }) => endMs).slice(0, -1)).toEqual(days.map(({ startMs }) => startMs).slice(1))
    expect(new Date(days[4]?.startMs ?? 0).getDate()).toBe(26)
  })

  it('count the portal’s requests of the last hour and of today, and those it did not grant', async () => {
    const console = await openTestConsole()
    await addUsers(console, 1)
    const requests = createRequestLog(() => undefined)
    const portal = createPortal({ ...console.portal, requests })
    const { url } = await portal.listen({ host: '127.0.0.1', port: 0 })
    const ask = (action: string) =>
      fetch(`${url}/proxy/AgentXML`, {
        method: 'POST',
        body: `<SASRequest><Version>3.6</Version>${action}</SASRequest>`
      })
    await (await ask('<Action>ping</Action>')).text()
    await (await ask('<Action>SecurityStrings</Action><Id>unknown</Id>')).text()
    await (await fetch(`${url}/nothing`)).text()
    await portal.close()
    expect(requests.countSince(Date.now() - hourMs)).toEqual({ requests: 3, refused: 2 })
    expect(requests.countSince(Date.now() + 2 * 60_000)).toEqual({ requests: 0, refused: 0 })
  })
})
