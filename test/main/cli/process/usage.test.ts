import { existsSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../../src/main/cli/program.ts'
import manifest from '../../../../package.json' with { type: 'json' }
import { cliProgram, createCli, readError, runProvision } from '../../../support/cli.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'

const version = { name: 'Provision Console', version: manifest.version, node: process.versions.node }

describe('the global options', () => {
  it('may stand anywhere, and name the data folder', async () => {
    const folder = path.join(createTestFolder(), 'data')
    const added = await runProvision(['users', '--data', folder, 'add', '--json', 'ada', '--quiet'])
    expect(added).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(added.stdout)).toMatchObject({ username: 'ada' })
    for (const args of [
      ['--json', `--data=${folder}`, 'users', 'show', 'ada'],
      ['users', 'show', 'ada', '--data', folder, '--json']
    ]) {
      expect(JSON.parse((await runProvision(args)).stdout)).toMatchObject({ username: 'ada' })
    }
    const byEnvironment = await runProvision(['users', 'show', 'ada'], { environment: { PROVISION_DATA: folder } })
    expect(byEnvironment.exitCode).toBe(0)
    const home = path.join(createTestFolder(), 'home')
    const byPlatform = await runProvision(['users', 'add', 'ada'], { environment: { HOME: home, APPDATA: home } })
    expect(byPlatform.exitCode).toBe(0)
    expect(existsSync(home)).toBe(true)
    expect((await runProvision(['users', 'list', '--data', ''])).exitCode).toBe(2)
  })

  it('leave one JSON document on stdout, whatever is asked', async () => {
    const cli = createCli(path.join(createTestFolder(), 'unused'))
    expect(await cli.json(['version'])).toEqual(version)
    expect(await cli.json(['--version'])).toEqual(version)
    const asked = await Promise.all(['version', '--version', '-V'].map((word) => cli.run([word])))
    const stdout = `Provision Console ${version.version} (Node ${version.node})\n`
    expect(asked).toEqual(asked.map(() => ({ exitCode: 0, signal: null, stdout, stderr: '' })))
    expect(existsSync(cli.folder)).toBe(false)
  })
})

describe('wrong usage', () => {
  it.each([
    [['bogus'], /unknown command 'bogus'/],
    [['users', 'bogus'], /unknown command 'bogus'/],
    [['users', 'list', '--bogus'], /unknown option '--bogus'/],
    [['users', 'show'], /missing required argument 'username'/],
    [['users', 'list', 'ada'], /too many arguments/],
    [['users', 'list', '--limit', '0'], /--limit must be a whole number from 1 on/],
    [['portal', '--no-tls', '--port', ''], /--port must be a number from 0 to 65535/]
  ])('is answered with exit code 2 and what is wrong: %j', async (args, message) => {
    const cli = createCli(path.join(createTestFolder(), 'data'))
    const [asText, asJson] = await Promise.all([cli.run(args), cli.run([...args, '--json'])])
    expect(asText).toMatchObject({ exitCode: 2, stdout: '' })
    expect(asText.stderr).toMatch(/^provision: /)
    expect(asText.stderr).toMatch(message)
    expect(asJson).toMatchObject({ exitCode: 2, stdout: '' })
    expect(readError(asJson.stderr)).toEqual({ code: 'usage', message: expect.stringMatching(message) as string })
  })

  it('includes a command without its verb, which shows what there is; help that was asked for is an answer', async () => {
    const [bare, bareJson, asked] = await Promise.all([
      runProvision(['users']),
      runProvision(['users', '--json']),
      runProvision(['users', 'import', '--help'])
    ])
    expect(bare).toMatchObject({ exitCode: 2, stdout: '' })
    expect(bare.stderr).toMatch(/^Usage: provision users[^]* import [^]* remove /)
    expect(bareJson).toMatchObject({ exitCode: 2, stdout: '' })
    expect(readError(bareJson.stderr).code).toBe('usage')
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' })
    expect(asked.stdout).toMatch(/--dry-run[^]*--skip-bad[^]*--create-groups/)
  })
})

describe('a question at a terminal', () => {
  async function remove(typed: string, ...selection: string[]) {
    const console = await openTestConsole()
    await console.call('users:add', { username: 'ada', group: 'Staff' })
    let stderr = ''
    const shown = new Writable({ write: (chunk: Buffer, _, done) => done(void (stderr += chunk.toString())) })
    const terminal = {
      stdin: Object.assign(Readable.from([typed]), { isTTY: true }),
      stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
      stderr: Object.assign(shown, { isTTY: true, columns: 80 }),
      environment: {}
    }
    const args = ['--data', console.folder, 'users', 'remove', ...selection]
    const exitCode = await runCommandLine(args, terminal, new AbortController().signal)
    return { exitCode, stderr, left: (await console.call('users:list', {})).users.length }
  }

  it('counts whom it is about', async () => {
    const { exitCode, stderr, left } = await remove('no\n', '--group', 'Staff')
    expect([exitCode, left]).toEqual([1, 1])
    expect(stderr).toContain('Remove 1 user? [y/N] ')
  })

  it('is not put where the usernames came from standard input: --yes says that nobody is to be asked', async () => {
    expect(await remove('ada\n', '--file', '-')).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/standard input.*--yes/) as string,
      left: 1
    })
    expect(await remove('ada\n', '--file', '-', '--yes')).toMatchObject({ exitCode: 0, left: 0 })
  })
})

describe('output that goes nowhere', () => {
  it.skipIf(process.platform === 'win32')(
    'is no failure when the reader has seen enough, and one when a disk is full',
    async () => {
      const console = await openTestConsole()
      const names = Array.from({ length: 3000 }, (_, index) => `user${index}`).join('\n')
      await console.call('users:import', { content: Buffer.from(`username\n${names}`) })
      const list = `"${process.execPath}" "${cliProgram}" --data "${console.folder}" users list --limit 3000 --json`
      const run = (command: string) =>
        new Promise<{ exitCode: number | null; stderr: string }>((resolve) => {
          const child = spawn('bash', ['-c', `set -o pipefail; ${command}`])
          let stderr = ''
          child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
          child.once('close', (exitCode) => resolve({ exitCode, stderr }))
        })
      expect(await run(`${list} | head -c 10`)).toEqual({ exitCode: 0, stderr: '' })
      if (!existsSync('/dev/full')) return
      const full = await run(`${list} > /dev/full`)
      expect(full.exitCode).toBe(1)
      expect(readError(full.stderr)).toMatchObject({ code: 'file-unwritable' })
    }
  )
})

describe('progress', () => {
  it('is drawn on a terminal, and neither when piped nor with --quiet', async () => {
    const file = path.join(createTestFolder(), 'users.csv')
    writeFileSync(file, `username\n${Array.from({ length: 1200 }, (_, index) => `user${index}`).join('\n')}\n`)
    const importInto = async (isTTY: boolean, ...options: string[]) => {
      let stderr = ''
      const collector = new Writable({ write: (chunk: Buffer, _, done) => done(void (stderr += chunk.toString())) })
      const terminal = {
        stdin: Readable.from([]),
        stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
        stderr: Object.assign(collector, { isTTY, columns: 80 }),
        environment: {}
      }
      const args = ['--data', createTestFolder(), 'users', 'import', file, ...options]
      expect(await runCommandLine(args, terminal, new AbortController().signal)).toBe(0)
      return stderr
    }
    const drawn = await importInto(true)
    expect(drawn).toMatch(/Importing █+░+ 125 of 1,200\r[^]*Importing █+ 1,200 of 1,200\r/)
    // At its end the line is empty again.
    expect(drawn.endsWith('\r\u001b[K')).toBe(true)
    expect(await importInto(false)).toBe('')
    expect(await importInto(true, '--quiet')).toBe('')
  })
})
