import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import type { CallInput } from '../../../src/shared/contract.ts'
import { createAuthority } from '../../support/certificates.ts'
import { createTestFolder, type TestConsole } from '../../support/console.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'
import type { SinkBehaviour } from '../../support/smtp-sink.ts'

const secret = 'k4-very.secret~value'
const lifeMs = 3_600_000

/** A token service over TLS whose tokens are `token-1`, `token-2`, …, and what it was asked. */
async function openTokenService(): Promise<{ url: string; caFile: string; asked: URLSearchParams[] }> {
  const authority = await createAuthority()
  const caFile = path.join(createTestFolder(), 'ca.pem')
  writeFileSync(caFile, authority.certificate)
  const asked: URLSearchParams[] = []
  const server = createServer(await authority.issue({ host: '127.0.0.1' }), (request, response) => {
    void (async () => {
      const form = new URLSearchParams(await text(request))
      asked.push(form)
      const isKnown = form.get('client_secret') === secret
      const answer = isKnown
        ? { access_token: `token-${asked.length}`, token_type: 'Bearer', expires_in: lifeMs / 1000 }
        : { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => void server.close())
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/token`, caFile, asked }
}

/** A console that signs in to its mail server by tokens of such a service. */
async function openOAuthConsole(users: number, behaviour: SinkBehaviour = {}) {
  const service = await openTokenService()
  const console = await openMailConsole(users, { token: 'token-1', ...behaviour })
  const set = (change: CallInput<'transports:set'>['change']) =>
    console.call('transports:set', { name: 'default', change })
  await set({
    authentication: 'oauth2',
    username: 'help@example.com',
    tokenUrl: service.url,
    caFile: service.caFile,
    scope: 'https://outlook.office365.com/.default',
    clientId: 'app',
    clientSecret: secret,
    connections: 5
  })
  const test = () => console.call('transports:test', { name: 'default', address: 'me@example.com' })
  return Object.assign(console, { service, set, test })
}

async function expectNowhere(console: TestConsole): Promise<void> {
  const said = [
    console.log.lines,
    await console.call('transports:list', {}),
    await console.call('settings:list', {}),
    await console.call('log:list', { limit: 100 }),
    await console.call('outbox:batches', {}),
    await console.call('outbox:messages', {})
  ]
  const files = readdirSync(console.folder)
    .map((name) => path.join(console.folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file).toString('latin1'))
  const everywhere = JSON.stringify(said) + files.join()
  expect(everywhere).not.toContain(secret)
  expect(everywhere).not.toMatch(/token-\d/)
}

it('one token serves all connections of a batch until it ends, and then another one is fetched', async () => {
  const console = await openOAuthConsole(40)
  const { service, sink } = console
  await console.call('mail:send', everybody)
  expect(await console.sendDue()).toBe('done')
  expect(sink.received).toHaveLength(40)
  expect(sink.signIns.length).toBeGreaterThan(1)
  expect(service.asked.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: secret,
      scope: 'https://outlook.office365.com/.default'
    }
  ])
  console.clock.advance(lifeMs - 120_000)
  expect(await console.test()).toMatchObject({ accepted: true })
  expect(service.asked).toHaveLength(1)
  console.clock.advance(90_000)
  // The mail server takes the first token alone; but the second is the one that is shown to it.
  expect(await console.test()).toMatchObject({ accepted: false })
  expect(service.asked.length).toBeGreaterThan(1)
  expect(sink.signIns.at(-1)).toBe('token-2')
  await expectNowhere(console)
})

it('a token that the mail server takes no longer is replaced at once, and the batch goes on', async () => {
  const console = await openOAuthConsole(10)
  const { service, sink } = console
  expect(await console.test()).toMatchObject({ accepted: true })
  sink.behaviour.token = 'token-2'
  await console.call('mail:send', everybody)
  expect(await console.sendDue()).toBe('done')
  expect(sink.received).toHaveLength(11)
  expect(service.asked).toHaveLength(2)
})

it('a refused sign-in stops the batch and says why, whoever refuses it', async () => {
  const console = await openOAuthConsole(20)
  const { sink, service } = console
  const batch = async () => (await console.call('outbox:batches', {})).batches[0]
  sink.behaviour.token = 'another account’s'
  await console.call('mail:send', everybody)
  await console.sendDue()
  expect(await batch()).toMatchObject({ state: 'stopped', counts: { queued: 20 } })
  expect((await batch())?.note).toMatch(/^The mail server did not accept the sign-in: 535 /)
  // Those who explain their refusal first are asked twice with the one token.
  expect(service.asked).toHaveLength(1)
  expect(sink.signIns.length).toBeLessThanOrEqual(2)

  await console.set({ clientSecret: `${secret}x` })
  await console.call('outbox:resume', { batchId: (await batch())?.id ?? 0 })
  await console.sendDue()
  expect(await batch()).toMatchObject({ state: 'stopped' })
  expect((await batch())?.note).toMatch(
    /^The token service at 127\.0\.0\.1:\d+ gave no token: invalid_client: AADSTS7000215: Invalid client secret/
  )
  const steps = await console.call('transports:check', { name: 'default' })
  expect(steps.find(({ step }) => step === 'sign-in')).toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining('Invalid client secret') as string
  })
  await expectNowhere(console)
})

it('a token service whose certificate nobody vouches for is not told the secret', async () => {
  const console = await openOAuthConsole(1)
  await console.set({ caFile: '', clientSecret: secret })
  const { accepted, response } = await console.test()
  expect([accepted, response]).toEqual([false, expect.stringMatching(/cannot be asked: .*certificate/)])
  expect(console.service.asked).toHaveLength(0)
})
