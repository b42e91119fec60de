import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect, it } from 'vitest'
import { trustedAuthorities } from '../../../src/main/mail/trusted-authorities.ts'
import { createAuthority } from '../../support/certificates.ts'
import { createTestFolder, createTestClock, openTestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const trusted = (caFile: string) => trustedAuthorities({ name: 'default', caFile })
const what = (file: string) => `The certificates of the transport “default” (${file}) cannot be read`

it('the certificates of a transport’s file are trusted besides the usual ones', async () => {
  const { certificate } = await createAuthority()
  const file = path.join(createTestFolder(), 'ca.pem')
  writeFileSync(file, `Our authority\n${certificate}\n${certificate}\n`)
  expect(trusted('')).toEqual({})
  expect(trusted(file).ca).toHaveLength(rootCertificates.length + 1)
  expect(trusted(file).ca?.at(-1)).toContain(certificate)
})

it('a file of certificates that is missing, a folder, something else or damaged is refused in plain words', async () => {
  const folder = createTestFolder()
  const file = (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  const { certificate } = await createAuthority()
  const [none, other] = [path.join(folder, 'none.pem'), file('other.pem', 'no certificate')]
  const damaged = file('damaged.pem', `${certificate}\n${certificate.replace(/\n.{20}/, '\n')}`)
  const isNone = 'it holds no certificate in PEM form (“-----BEGIN CERTIFICATE-----”), or a damaged one.'
  for (const [given, words] of [
    [none, 'there is no such file.'],
    [folder, 'it is a folder.'],
    [other, isNone],
    [damaged, isNone]
  ] as const) {
    const { code, message } = await refusalOf(() => trusted(given))
    expect([code, message]).toEqual(['file-unreadable', `${what(given)}: ${words}`])
  }
})

it('a check of the transport tells the person what is wrong with the file, and the technical log what the system said', async () => {
  const console = await openTestConsole({ clock: createTestClock(Date.now()) })
  const none = path.join(createTestFolder(), 'none.pem')
  const change = { host: '127.0.0.1', sender: 'a@example.com', caFile: none }
  await console.call('transports:set', { name: 'default', change })
  const { message } = await refusalOf(() =>
    console.call('transports:test', { name: 'default', address: 'b@example.com' })
  )
  expect(message).toBe(`${what(none)}: there is no such file.`)
  expect(console.log.lines.join('\n')).toContain('ENOENT')
})
