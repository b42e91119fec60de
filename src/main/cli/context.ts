import path from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import { accountName } from '../system/account.ts'
import type { Console } from '../console.ts'
import { defaultDataFolder } from '../system/data-folder.ts'
import type { KeySources } from '../keys/key-sources.ts'
import { createFileLog, type Log } from '../system/log.ts'
import { terminalJson, terminalText } from '../system/printable.ts'
import { ask, canAsk, createProgressBar, type Terminal } from './terminal.ts'

export interface GlobalOptions {
  data?: string
  json?: boolean
  quiet?: boolean
}

export const exitCodes = { done: 0, failed: 1, usage: 2, partial: 3 } as const

/** Wrong usage that the option parser cannot see. */
export class UsageError extends Error {}

/** What a command works with: the console over its data folder, opened when first needed, and its output. */
export interface CommandContext {
  terminal: Terminal
  isJson: boolean
  isQuiet: boolean
  /** For the log: the account's name and the way in. */
  actor: string
  /** Told when the person stops the command. */
  signal: AbortSignal
  folder: string
  log: Log
  console(): Promise<Console>
  /** A call of the contract as this account's administrator. Throws the AppError that a refusal stands for. */
  call<Name extends CallName>(name: Name, input: CallInput<Name>, progressLabel?: string): Promise<CallOutput<Name>>
  /** With `--json` the value as the one document on stdout, else the lines. */
  print(value: unknown, lines: string | string[]): void
  /** A remark for people on stderr; silent with `--quiet`, and with `--json`, whose stderr is for programs. */
  remark(text: string): void
  /** Said on stderr, with exit code 3: done in part. */
  reportPartial(message: string, details: unknown): void
  exitCode: number
  close(): Promise<void>
}

export function createContext(
  terminal: Terminal,
  options: GlobalOptions,
  signal: AbortSignal,
  setsUpServer: boolean
): CommandContext {
  const folder = options.data ? path.resolve(options.data) : defaultDataFolder(terminal.environment)
  const isJson = options.json ?? false
  const isQuiet = options.quiet ?? false
  const log = createFileLog(folder)
  const actor = `${accountName()} (command line)`
  let opened: Promise<Console> | undefined
  // Most of the program: `version`, help and wrong usage do without.
  const openFolder = async () => {
    const { openConsole } = await import('../console.ts')
    return openConsole({ folder, sources: keySources(terminal), log, mustExist: !setsUpServer })
  }
  const open = () => (opened ??= openFolder())
  return {
    terminal,
    isJson,
    isQuiet,
    actor,
    signal,
    folder,
    log,
    exitCode: exitCodes.done,
    console: open,
    async call(name, input, progressLabel) {
      const { dispatch } = await open()
      const bar = progressLabel && !isQuiet ? createProgressBar(terminal, progressLabel) : undefined
      const result = await dispatch(name, input, {
        role: 'administrator',
        actor,
        namesFiles: true,
        signal,
        onProgress: bar?.show
      })
      bar?.end()
      if (!result.ok) throw new AppError(result.error.code, result.error.message, result.error.details)
      // The contract pairs name and output; `dispatch` answers for all names at once.
      return result.value as CallOutput<typeof name>
    },
    print(value, lines) {
      const text = isJson ? terminalJson(JSON.stringify(value, null, 2)) : terminalText([lines].flat().join('\n'))
      if (text !== '') terminal.stdout.write(`${text}\n`)
    },
    remark(text) {
      if (!isQuiet && !isJson) terminal.stderr.write(`${terminalText(text)}\n`)
    },
    reportPartial(message, details) {
      this.exitCode = exitCodes.partial
      writeError(terminal, isJson, { code: 'partial', message, details })
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close()
    }
  }
}

/** What went wrong, on stderr: a sentence, or with `--json` one document. */
export function writeError(
  terminal: Terminal,
  isJson: boolean,
  error: { code: string; message: string; details?: unknown }
): void {
  const { code, message, details } = error
  const data = details === undefined ? { code, message } : { code, message, details }
  terminal.stderr.write(
    isJson ? `${terminalJson(JSON.stringify({ error: data }))}\n` : `provision: ${terminalText(message)}\n`
  )
}

/** The command line opens the data key by passphrase (environment, or asked for) and by key files. */
export function keySources(terminal: Terminal): KeySources {
  const { environment } = terminal
  const given = environment['PROVISION_PASSPHRASE']
  const credentials = environment['CREDENTIALS_DIRECTORY']
  return {
    hasPassphrase: given !== undefined && given !== '',
    passphrase: given
      ? async () => given
      : canAsk(terminal)
        ? () => ask(terminal, 'Passphrase of the data key: ', true)
        : null,
    // systemd hands a service its secrets as files in this folder (LoadCredential=provision-key:…).
    keyFiles: [environment['PROVISION_KEY_FILE'], credentials && path.join(credentials, 'provision-key')].filter(
      (file): file is string => typeof file === 'string' && file !== ''
    ),
    keychain: null
  }
}
