import { existsSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { silentLog } from '../system/log.ts'
import { productName, version } from '../system/version.ts'
import { createContext, exitCodes, UsageError, writeError, type CommandContext, type GlobalOptions } from './context.ts'
import type { AddCommand } from './command.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line and returns its exit code; nothing is thrown. */
export async function runCommandLine(argv: string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  let exitCode: number = exitCodes.done
  const add: AddCommand = (parent, usage, description, action, rights) => {
    const command = parent.command(usage).description(description)
    addGlobalOptions(command).action(async () => {
      const options: GlobalOptions = command.optsWithGlobals()
      const context = createContext(terminal, options, signal, rights !== undefined)
      try {
        await action(context, command.args, command.optsWithGlobals<Parameters<typeof action>[2]>())
        exitCode = context.exitCode
      } catch (error) {
        exitCode = await reportFailure(error, context)
      } finally {
        await context.close()
      }
    })
    return command
  }
  const output = watchOutput(terminal)
  // The parser itself may fail before it has seen the option.
  const isJson = beforeDashes(argv).includes('--json')
  const program = await createProgram(terminal, add, argv)
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help that was asked for is an answer, not a mistake.
    exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (isJson && error.exitCode !== 0) writeError(terminal, isJson, { code: 'usage', message: usageMessage(error) })
  }
  if (exitCode === exitCodes.failed || exitCode === exitCodes.usage) return exitCode
  const lost = await output.findLoss()
  if (lost === null) return exitCode
  const message = `The output could not be written (${lost.message}); what was asked for may have been done all the same.`
  writeError(terminal, isJson, { code: 'file-unwritable', message })
  return exitCodes.failed
}

function beforeDashes(argv: string[]): string[] {
  const dashes = argv.indexOf('--')
  return dashes === -1 ? argv : argv.slice(0, dashes)
}

function usageMessage({ code, message }: CommanderError): string {
  return code === 'commander.help'
    ? 'A command is missing; --help lists what there is.'
    : message.replace(/^error: /, '')
}

/** Without listeners a write to a closed pipe would end the process with a stack. */
function watchOutput({ stdout, stderr }: Terminal): { findLoss(): Promise<Error | null> } {
  let loss: Error | null = null
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`provision users list | head`) is no failure.
    if (error.code !== 'EPIPE') loss = error
  })
  stderr.on('error', () => undefined)
  return {
    async findLoss() {
      await new Promise((resolve) => stdout.write('', resolve))
      return loss
    }
  }
}

async function createProgram(terminal: Terminal, add: AddCommand, argv: string[]): Promise<Command> {
  const isJson = beforeDashes(argv).includes('--json')
  const program = addGlobalOptions(new Command('provision'))
    .description('Provisions authenticator apps by QR code: users, codes, settings and the User Portal of one server.')
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)')
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      // With --json the one document on stderr is written where the mistake is caught.
      writeErr: (text) => void (isJson || terminal.stderr.write(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'provision: '))
    })
    .addHelpText(
      'after',
      '\nSELECTION is USERNAME…, or any of --group NAME, --state STATE and --file FILE, or --all.\n' +
        'Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done in part.'
    )
  for (const load of partsFor(beforeDashes(argv))) (await load())(program, add)
  const known = { name: productName, version, node: process.versions.node }
  const sentence = `${known.name} ${known.version} (Node ${known.node})`
  add(program, 'version', versionDescription, async (context) => context.print(known, sentence))
  program.version(isJson ? JSON.stringify(known, null, 2) : sentence, '-V, --version', versionDescription)
  return program
}

const versionDescription = 'name and version of this program'

type AddPart = (program: Command, add: AddCommand) => void

/** The commands in the order of the help, each with the module that adds it. */
const parts: [words: string[], load: () => Promise<AddPart>][] = [
  [['settings'], async () => (await import('./commands/settings.ts')).addSettingsCommands],
  [['groups'], async () => (await import('./commands/groups.ts')).addGroupCommands],
  [['users'], async () => (await import('./commands/users.ts')).addUserCommands],
  [['time'], async () => (await import('./commands/time.ts')).addTimeCommands],
  [['codes'], async () => (await import('./commands/codes.ts')).addCodeCommands],
  [['qr', 'decode'], async () => (await import('./commands/qr.ts')).addQrCommands],
  [['diagnose'], async () => (await import('./commands/diagnose.ts')).addDiagnoseCommand],
  [['mail'], async () => (await import('./commands/mail.ts')).addMailCommands],
  [['outbox'], async () => (await import('./commands/outbox.ts')).addOutboxCommands],
  [['sheets'], async () => (await import('./commands/sheets.ts')).addSheetCommands],
  [['key'], async () => (await import('./commands/key.ts')).addKeyCommands],
  [['portal'], async () => (await import('./commands/portal.ts')).addPortalCommand],
  [['serve'], async () => (await import('./commands/serve.ts')).addServeCommand],
  [['log', 'audit'], async () => (await import('./commands/log.ts')).addLogCommands],
  [['backup', 'restore'], async () => (await import('./commands/backup.ts')).addBackupCommands]
]

const asksForHelp = new Set(['help', '--help', '-h'])
const asksForVersion = new Set(['version', '--version', '-V'])

/** Only what these words may mean is loaded, so that a command does not wait for all others; help lists them all. */
function partsFor(words: string[]): (() => Promise<AddPart>)[] {
  const named = parts.filter(([commands]) => commands.some((command) => words.includes(command)))
  const isAmple = named.length > 0 || words.some((word) => asksForVersion.has(word))
  const wanted = isAmple && !words.some((word) => asksForHelp.has(word)) ? named : parts
  return wanted.map(([, load]) => load)
}

function addGlobalOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--data <dir>', 'data folder (else PROVISION_DATA, else the platform’s own)').argParser(readFolder)
    )
    .addOption(new Option('--json', 'one JSON document on stdout'))
    .addOption(new Option('--quiet', 'no progress and no remarks'))
}

/** An empty name is a script's variable that was not set: the platform's own folder is not what it meant. */
function readFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.')
  return text
}

async function reportFailure(error: unknown, context: CommandContext): Promise<number> {
  const { terminal, isJson } = context
  if (error instanceof UsageError) {
    writeError(terminal, isJson, { code: 'usage', message: error.message })
    return exitCodes.usage
  }
  // A command that is refused before it has opened a folder makes none for its log.
  const log = existsSync(context.folder) ? context.log : silentLog
  const { toErrorData } = await import('../handlers/dispatch.ts')
  const data = toErrorData(error, log, 'the command line')
  writeError(terminal, isJson, { code: data.code, message: data.message, details: data.details })
  return exitCodes.failed
}
