import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { downloadElectron, findElectron } from '../../../src/main/start/electron-binary.ts'
import { startConsole, type StartOptions } from '../../../src/main/start/start-console.ts'
import { createTestFolder } from '../../support/console.ts'

/** A file of JavaScript that can be started by its name, in place of Electron. */
function writeProgram(file: string, code: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `#!${process.execPath}\n${code}\n`)
  chmodSync(file, 0o755)
}

/** A built program whose command line notes its arguments, and an `electron` package as it lies before its download. */
function createProgram(installer = 'process.exit(1)') {
  const folder = createTestFolder()
  const served = path.join(folder, 'served.json')
  writeProgram(
    path.join(folder, 'out', 'main', 'cli.js'),
    `require('fs').writeFileSync(${JSON.stringify(served)}, JSON.stringify(process.argv.slice(2))); process.exit(7)`
  )
  const electronFolder = path.join(folder, 'electron')
  mkdirSync(electronFolder)
  writeFileSync(path.join(electronFolder, 'install.js'), installer)
  const said: string[] = []
  const start = (options: Partial<StartOptions> = {}) =>
    startConsole({
      programFolder: folder,
      electronFolder,
      environment: { PATH: process.env['PATH'], DISPLAY: ':9' },
      platform: 'linux',
      args: ['--data', '/tmp/x'],
      say: (line) => said.push(line),
      downloadStallMs: 300,
      ...options
    })
  return { folder, electronFolder, said, start, servedWith: () => JSON.parse(readFileSync(served, 'utf8')) as unknown }
}

const download = `
  const fs = require('fs'), path = require('path')
  fs.mkdirSync(path.join(__dirname, 'dist'))
  fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '#!${process.execPath}\\nprocess.send("started", () => process.exit(3))\\n', { mode: 0o755 })
  fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron')
`

describe('startConsole', () => {
  it('opens the window where Electron runs, with what the person gave, and passes on how it ended', async () => {
    const { electronFolder, folder, said, start } = createProgram()
    const args = path.join(folder, 'args.json')
    writeProgram(
      path.join(electronFolder, 'dist', 'electron'),
      `require('fs').writeFileSync(${JSON.stringify(args)}, JSON.stringify(process.argv.slice(2))); process.send('started', () => process.exit(5))`
    )
    expect(await start()).toBe(5)
    expect(JSON.parse(readFileSync(args, 'utf8'))).toEqual([folder, '--data', '/tmp/x'])
    expect(said).toEqual([])
  })

  it.each<[string, Partial<StartOptions>, RegExp]>([
    ['Electron is not installed', { electronFolder: null }, /Electron is not installed/],
    ['there is no display', { environment: {} }, /there is no display/],
    ['its download fails', {}, /could not be downloaded/],
    [
      'the named runtime is not there',
      { environment: { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' } },
      /ELECTRON_OVERRIDE_DIST_PATH holds no Electron/
    ],
    [
      'its download was declined',
      { environment: { DISPLAY: ':9', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } },
      /has not been downloaded/
    ]
  ])('says so in one line and serves a browser when %s', async (_what, options, reason) => {
    const { said, start, servedWith } = createProgram()
    expect(await start(options)).toBe(7)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(reason)
    expect(said[0]).not.toContain('\n')
    expect(servedWith()).toEqual(['serve', '--data', '/tmp/x'])
  })

  it('serves a browser when Electron ends before it has come up', async () => {
    const { electronFolder, said, start, servedWith } = createProgram()
    writeProgram(path.join(electronFolder, 'dist', 'electron'), 'process.exit(127)')
    expect(await start()).toBe(7)
    expect(said).toEqual([expect.stringContaining('Electron cannot run here (it ended with code 127)')])
    expect(servedWith()).toEqual(['serve', '--data', '/tmp/x'])
  })

  it('needs no display for a runtime that was named by hand, nor on another platform', async () => {
    const { folder, said, start } = createProgram()
    const runtime = path.join(folder, 'runtime')
    writeProgram(path.join(runtime, 'electron'), 'process.send("started", () => process.exit(0))')
    expect(await start({ environment: { ELECTRON_OVERRIDE_DIST_PATH: runtime } })).toBe(0)
    writeProgram(path.join(runtime, 'electron.exe'), 'process.send("started", () => process.exit(0))')
    const { electronFolder, start: startThere } = createProgram()
    writeProgram(path.join(electronFolder, 'dist', 'electron.exe'), 'process.send("started", () => process.exit(4))')
    expect(await startThere({ environment: {}, platform: 'win32' })).toBe(4)
    expect(said).toEqual([])
  })

  it('downloads Electron once where that is possible', async () => {
    const { said, start } = createProgram(download)
    expect(await start()).toBe(3)
    expect(said).toEqual([])
  })
})

describe('downloadElectron', () => {
  it('gives up on a host that sends nothing', async () => {
    const { electronFolder } = createProgram('setInterval(() => undefined, 1000)')
    expect(await downloadElectron(electronFolder, 600)).toBe(false)
  })

  it('waits for one that is slow but sends', async () => {
    const slow = `
      const fs = require('fs'), path = require('path'), os = require('os')
      let left = 8
      setInterval(() => {
        fs.appendFileSync(path.join(os.tmpdir(), 'part'), 'x'.repeat(100))
        if (--left === 0) process.exit(0)
      }, 300)`
    const { electronFolder } = createProgram(slow)
    expect(await downloadElectron(electronFolder, 1200)).toBe(true)
  })
})

describe('findElectron', () => {
  it('goes by the name that the package noted', () => {
    const { electronFolder } = createProgram()
    writeFileSync(path.join(electronFolder, 'path.txt'), 'sub/Electron')
    writeProgram(path.join(electronFolder, 'dist', 'sub', 'Electron'), '')
    expect(findElectron(electronFolder, {}, 'linux')).toBe(path.join(electronFolder, 'dist', 'sub', 'Electron'))
  })

  it.each([
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
    ['win32', 'electron.exe'],
    ['linux', 'electron']
  ] as const)('knows the name on %s', (platform, name) => {
    const { folder, electronFolder } = createProgram()
    writeProgram(path.join(folder, 'runtime', name), '')
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: path.join(folder, 'runtime') }
    expect(findElectron(electronFolder, environment, platform)).toBe(path.join(folder, 'runtime', name))
  })

  it('is null before the download', () => {
    expect(findElectron(createProgram().electronFolder, {}, 'linux')).toBeNull()
  })
})
