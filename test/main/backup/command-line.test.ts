import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/main/cli/program.ts'
import { createCli, readError, runProvision } from '../../support/cli.ts'
import { createTestFolder } from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { startPortalProcess } from '../../support/portal-process.ts'
import { backUp, listUsernames, openServer, passphrase } from './restoring.ts'

interface Shown {
  exitCode: number
  stdout: string
  stderr: string
}

/** The command line with a person at a terminal, who types these lines as they are asked for. */
async function atTerminal(args: string[], typed: string[]): Promise<Shown> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const [said, shown]: [Buffer[], Buffer[]] = [[], []]
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const lines = [...typed]
  stdout.on('data', (chunk: Buffer) => said.push(chunk))
  stderr.on('data', (chunk: Buffer) => {
    shown.push(chunk)
    // A question ends without an end of line.
    if (/(: |\] )$/.test(chunk.toString())) setImmediate(() => stdin.write(`${lines.shift() ?? ''}\n`))
  })
  const terminal = { stdin, stdout, stderr: Object.assign(stderr, { isTTY: true }), environment: {} }
  const exitCode = await runCommandLine(args, terminal, new AbortController().signal)
  return { exitCode, stdout: Buffer.concat(said).toString(), stderr: Buffer.concat(shown).toString() }
}

const input = `${passphrase}\n`

describe('provision backup and restore', () => {
  it('carry a server to a new machine', async () => {
    const console = await openServer(['ann', 'bob'])
    await console.close()
    const source = createCli(console.folder)
    const [issued] = await source.json<{ code: string }[]>(['codes', 'issue', 'ann', '--reveal'])
    const file = path.join(createTestFolder(), 'server.backup')
    const made = await source.json<Record<string, unknown>>(['backup', file], { input })
    expect(made).toMatchObject({ file, bytes: statSync(file).size, backup: { users: 2, codes: 1, auditRows: 6 } })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const secret of [issued?.code ?? '', passphrase]) expect(readFileSync(file).includes(secret)).toBe(false)

    const cli = createCli(path.join(createTestFolder(), 'new', 'folder'))
    const wrong = await cli.refusal(['restore', file], { input: 'incorrect horse battery\n' })
    expect(wrong).toEqual({ code: 'key-locked', message: `This is not the passphrase of the backup ${file}.` })
    expect(existsSync(cli.folder)).toBe(false)
    const environment = { PROVISION_BACKUP_PASSPHRASE: passphrase }
    expect(await cli.json(['restore', file], { environment })).toMatchObject({
      backup: made['backup'],
      current: { state: 'empty' },
      isSameServer: false,
      withdrawnCodes: 1,
      voidedDevices: 0,
      keySlots: { open: [{ slot: 1, kind: 'file' }], lost: [] }
    })
    const { users } = await cli.json<{ users: { username: string; code: string }[] }>(['users', 'list'])
    expect(users.map(({ username, code: state }) => [username, state])).toEqual([
      ['ann', 'withdrawn'],
      ['bob', 'none']
    ])
  })

  it('take nothing’s place in a script that does not say so', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    await console.close()
    const cli = createCli(console.folder)
    const there = readFileSync(file)
    expect(await cli.refusal(['backup', file], { input })).toEqual({
      code: 'file-unwritable',
      message: `${file} cannot be written: it is there already.`
    })
    expect(readFileSync(file)).toEqual(there)
    await cli.json(['backup', file, '--force'], { input })
    expect(readFileSync(file)).not.toEqual(there)

    const before = readFolderContents(console.folder)
    const refused = await cli.run(['restore', file, '--json'], { input })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(readError(refused.stderr)).toEqual({
      code: 'usage',
      message: expect.stringMatching(/replaces all that .*Say --yes .*Nothing was done\.$/) as string
    })
    const dry = await cli.run(['restore', file, '--dry-run'], { input })
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toMatch(/^ +BACKUP +NOW\nServer +Provision Console +Provision Console\n/)
    expect(dry.stdout).toMatch(/\nUsers +1 +1\n/)
    expect(dry.stdout).toMatch(/\nSame server; 1 log entry since the backup\.\nDry run: nothing was changed\.\n$/)
    expect(readFolderContents(console.folder)).toEqual(before)
    expect(await cli.json(['restore', file, '--yes'], { input })).toMatchObject({ isSameServer: true })
  })

  it('need a passphrase, and refuse what is no backup before they ask for one', async () => {
    const console = await openServer([])
    const file = path.join(createTestFolder(), 'server.backup')
    const cli = createCli(console.folder)
    expect(await cli.refusal(['backup', file], { input: '' })).toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/PROVISION_BACKUP_PASSPHRASE.*standard input/) as string
    })
    expect(await cli.refusal(['backup', file], { input: 'elevenchars\n' })).toMatchObject({ code: 'invalid-input' })
    expect(readdirSync(path.dirname(file))).toEqual([])
    writeFileSync(file, 'hello')
    expect(await cli.refusal(['restore', file])).toEqual({
      code: 'file-unreadable',
      message: `${file} is not a backup of this program.`
    })
    expect((await runProvision(['restore'])).exitCode).toBe(2)
  })

  it('go on beside a portal, which has to be stopped for a restore alone', async () => {
    const console = await openServer(['ann'])
    await console.close()
    const portal = await startPortalProcess(console.folder)
    const cli = createCli(console.folder)
    const file = path.join(createTestFolder(), 'server.backup')
    await cli.json(['backup', file], { input })
    expect(await cli.refusal(['restore', file, '--yes'], { input })).toMatchObject({
      code: 'database-busy',
      message: expect.stringMatching(/a portal or another command\. Close it/) as string
    })
    expect((await fetch(`${portal.url}/healthz`)).status).toBe(200)
    await portal.kill()
    await cli.json(['restore', file, '--yes'], { input })
  })
})

describe('at a terminal, provision backup and restore', () => {
  it('ask for a new passphrase twice, and before a file is replaced', async () => {
    const console = await openServer(['ann'])
    const file = path.join(createTestFolder(), 'server.backup')
    const args = ['--data', console.folder, 'backup', file]
    const differing = await atTerminal(args, [passphrase, `${passphrase}!`])
    expect(differing).toMatchObject({ exitCode: 1, stdout: '' })
    expect(differing.stderr).toMatch(/The two passphrases differ\. Nothing was done\.\n$/)
    expect(existsSync(file)).toBe(false)
    const made = await atTerminal(args, [passphrase, passphrase])
    expect(made.exitCode).toBe(0)
    expect(made.stdout).toMatch(
      /1 user, 1 group, 0 codes, 0 apps, 3 log entries .*Without its passphrase nothing opens it\.\n$/
    )
    expect(made.stderr).not.toContain(passphrase)

    const before = readFileSync(file)
    expect(await atTerminal(args, ['n'])).toMatchObject({ exitCode: 1, stdout: '' })
    expect(readFileSync(file)).toEqual(before)
    expect(await atTerminal(args, ['y', passphrase, passphrase])).toMatchObject({ exitCode: 0 })
    expect(readFileSync(file)).not.toEqual(before)
  })

  it('say what a restore replaces, and ask', async () => {
    const console = await openServer(['ann'])
    const made = await backUp(console)
    await console.call('users:add', { username: 'bob', group: 'Staff' })
    await console.close()
    const args = ['--data', console.folder, 'restore', made]
    const before = readFolderContents(console.folder)
    const refused = await atTerminal(args, [passphrase, 'no'])
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toMatch(/\nUsers +1 +2\n[^]*Replace all that .* holds\? \[y\/N\] [^]*Nothing was done\.\n$/)
    expect(readFolderContents(console.folder)).toEqual(before)
    const done = await atTerminal(args, [passphrase, 'yes'])
    expect(done).toMatchObject({ exitCode: 0 })
    expect(done.stdout).toMatch(
      /^Restored the backup of .*: 1 user\.\n0 live codes withdrawn; 0 one-time links ended; 0 apps void/
    )
    expect(await listUsernames(await openServer([], console.folder))).toEqual(['ann'])
  })
})
