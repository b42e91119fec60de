import path from 'node:path'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCli, createCliFolder, expectWrongUsage } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

interface Slot {
  slot: number
  kind: string
  path: string | null
  inUse: boolean
}

const passphrase = 'correct horse battery staple'

describe('provision key', () => {
  it('adds a passphrase from stdin, by which alone the folder opens once the key file’s slot is gone', async () => {
    const { cli } = await createCliFolder('username\nann\n')
    expect(await cli.json<Slot[]>(['key', 'list'])).toMatchObject([
      { slot: 1, kind: 'file', path: path.join(cli.folder, 'server.key'), inUse: true }
    ])
    const add = ['key', 'add', 'passphrase']
    expect(await cli.refusal(add)).toMatchObject({ code: 'invalid-input' })
    expect(await cli.refusal(add, { input: 'too short\n' })).toMatchObject({
      code: 'invalid-input',
      message: 'A passphrase needs at least 12 characters.'
    })
    const added = await cli.run(add, { input: `${passphrase}\nnot this\n` })
    expect(added).toMatchObject({ exitCode: 0, stdout: 'Added slot 2 (passphrase).\n', stderr: '' })
    expect(await cli.refusal(['key', 'remove', '3'])).toMatchObject({ code: 'key-slot-not-found' })
    expect(await cli.json(['key', 'remove', '1'])).toEqual({ removed: 1 })

    const locked = await cli.refusal(['key', 'list'])
    expect(locked).toMatchObject({ code: 'key-locked' })
    expect(locked.message).toMatch(/PROVISION_PASSPHRASE is not set.*provision key add/)
    const wrong = { environment: { PROVISION_PASSPHRASE: 'incorrect horse battery' } }
    expect((await cli.refusal(['key', 'list'], wrong)).message).toMatch(/the passphrase is wrong.*provision key add/)
    const right = { environment: { PROVISION_PASSPHRASE: passphrase } }
    expect(await cli.json<Slot[]>(['key', 'list'], right)).toMatchObject([{ slot: 2, kind: 'passphrase', inUse: true }])
    expect(await cli.refusal(['key', 'remove', '2'], right)).toMatchObject({ code: 'key-slot-last' })
    expect(readFileSync(path.join(cli.folder, 'key'), 'utf8')).not.toContain(passphrase)
  })

  it('adds a key file, which other programs bring by environment, and refuses one that others may read', async () => {
    const cli = createCli(createTestFolder())
    const file = path.join(createTestFolder(), 'portal.key')
    expect(await cli.json(['key', 'add', 'file', file])).toMatchObject({ slot: 2, kind: 'file', path: file })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await cli.refusal(['key', 'add', 'file', file])).toMatchObject({ code: 'key-slot-exists' })
    expect(await cli.json(['key', 'remove', '1'])).toEqual({ removed: 1 })
    expect(await cli.json<Slot[]>(['key', 'list'])).toMatchObject([{ slot: 2, inUse: true }])

    chmodSync(file, 0o644)
    expect((await cli.refusal(['key', 'list'])).message).toMatch(/portal\.key can be read by others.*chmod 600/)
    chmodSync(file, 0o600)
    await expectWrongUsage(cli, [
      ['key', 'add', 'keychain', file],
      ['key', 'add', 'file'],
      ['key', 'add', 'spell'],
      ['key', 'add'],
      ['key', 'remove', 'one']
    ])
    expect(await cli.refusal(['key', 'add', 'keychain'])).toMatchObject({ code: 'key-locked' })
  })

  it('makes a passphrase slot in a new folder when a passphrase is given', async () => {
    const cli = createCli(createTestFolder())
    const given = { environment: { PROVISION_PASSPHRASE: passphrase } }
    await cli.json(['users', 'add', 'ann'], given)
    expect(await cli.json<Slot[]>(['key', 'list'], given)).toMatchObject([{ slot: 1, kind: 'passphrase', inUse: true }])
    expect(await cli.refusal(['users', 'list'])).toMatchObject({ code: 'key-locked' })
  })
})
