import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import path from 'node:path'
import { expect } from 'vitest'
import { createTestClock, openTestConsole, type TestConsole } from './console.ts'

const projectFolder = path.resolve(import.meta.dirname, '../..')
export const cliProgram = path.join(projectFolder, 'src/main/cli.ts')
/** Halves the time of a start, of which a run of the tests has hundreds. */
const compileCache = path.join(projectFolder, 'node_modules/.cache/provision-tests')

export interface CliResult {
  exitCode: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  /** What comes in on stdin, which ends after it. */
  input?: string | Uint8Array
  environment?: Record<string, string>
  cwd?: string
  /** The account that the process runs under; only the superuser can choose. */
  uid?: number
}

export interface CliError {
  code: string
  message: string
  details?: unknown
}

/** The command line over one data folder, each call a process of its own. */
export interface Cli {
  folder: string
  run(args: string[], options?: CliOptions): Promise<CliResult>
  /** With `--json`: done (exit code 0), one document on stdout, nothing on stderr. Returns the document. */
  json<T = unknown>(args: string[], options?: CliOptions): Promise<T>
  /** With `--json`: exit code 1, nothing on stdout, one document on stderr. Returns the error in it. */
  refusal(args: string[], options?: CliOptions): Promise<CliError>
}

export function createCli(folder: string): Cli {
  const run = (args: string[], options?: CliOptions) => runProvision(['--data', folder, ...args], options)
  return {
    folder,
    run,
    async json<T>(args: string[], options?: CliOptions) {
      const result = await run([...args, '--json'], options)
      expect({ ...result, stdout: '' }).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' })
      return JSON.parse(result.stdout) as T
    },
    async refusal(args, options) {
      const result = await run([...args, '--json'], options)
      expect({ ...result, stderr: '' }).toEqual({ exitCode: 1, signal: null, stdout: '', stderr: '' })
      return readError(result.stderr)
    }
  }
}

/** A new folder with the users of a CSV text, open in this process by the processes' own time, and the command line over it. */
export async function createCliFolder(users: string): Promise<{ console: TestConsole; cli: Cli }> {
  const console = await openTestConsole({ clock: createTestClock(Date.now()) })
  const report = await console.call('users:import', { content: Buffer.from(users), createGroups: true })
  expect(report.rejected).toEqual([])
  return { console, cli: createCli(console.folder) }
}

/** Command lines that are refused whatever the others do, run side by side, each with members of its error. */
export async function expectRefusals(cli: Cli, refusals: readonly (readonly [string[], object])[]): Promise<void> {
  const answers = await Promise.all(refusals.map(async ([args]) => [args, await cli.refusal(args)]))
  expect(answers).toEqual(refusals.map(([args, error]) => [args, expect.objectContaining(error)]))
}

/** Command lines that are wrong usage, run side by side. */
export async function expectWrongUsage(cli: Cli, commands: readonly string[][]): Promise<void> {
  const answers = await Promise.all(commands.map(async (args) => ({ args, ...(await cli.run(args)) })))
  const wrong = { exitCode: 2, signal: null, stdout: '', stderr: expect.stringMatching(/^provision: /) as string }
  expect(answers).toEqual(commands.map((args) => ({ args, ...wrong })))
}

/** The error of `--json`, which must be all there is on stderr. */
export function readError(stderr: string): CliError {
  const document = JSON.parse(stderr) as { error: CliError }
  expect(Object.keys(document)).toEqual(['error'])
  return document.error
}

export async function runProvision(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const running = spawnProvision(args, options)
  running.child.stdin.end(options.input)
  return running.ended
}

export interface RunningCli {
  child: ChildProcessWithoutNullStreams
  ended: Promise<CliResult>
}

/** Starts the command line without waiting for its end; stdin stays open. */
export function spawnProvision(args: string[], { environment = {}, cwd, uid }: CliOptions = {}): RunningCli {
  const child = spawn(process.execPath, [cliProgram, ...args], {
    env: { ...cleanEnvironment(), ...environment },
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid })
  })
  // A program that ends without reading all of its input is not this test's failure.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<CliResult>((resolve, reject) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8')
      resolve({ exitCode, signal, stdout: text(stdout), stderr: text(stderr) })
    })
  })
  return { child, ended }
}

/** Whether this account may start the command line as another one, and that one can read it. */
export function canRunAs(uid: number): boolean {
  return spawnSync(process.execPath, [cliProgram, '--help'], { uid, env: cleanEnvironment() }).status === 0
}

/** Nothing that the person who runs the tests has set for an installation of their own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PROVISION_|NODE_|VITEST|XDG_DATA_HOME$|CREDENTIALS_DIRECTORY$|TZ$)/.test(name)
  )
  return { ...Object.fromEntries(kept), TZ: 'UTC', NODE_COMPILE_CACHE: compileCache }
}
