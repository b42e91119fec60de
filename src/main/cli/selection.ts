import type { Command } from 'commander'
import { AppError } from '../../shared/errors.ts'
import { appStates, appStateWords, codeStates, type UserFilter, type UserSelection } from '../../shared/user.ts'
import { foldCase } from '../system/fold-case.ts'
import { UsageError, type CommandContext } from './context.ts'
import { readInput } from './input-file.ts'
import { readStdin, type Terminal } from './terminal.ts'

export interface SelectionOptions {
  group?: string
  all?: boolean
  state?: string
  file?: string
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option('--group <name>', 'the users of this group')
    .option(
      '--state <state>',
      'the users in this state; of several (comma-separated) of one kind any, of different kinds all'
    )
    .option('--file <file>', 'the users named in this file, one a line (- is stdin)')
    .option('--all', 'every user')
}

/** The selection that arguments and options name. Throws UsageError when they name none, or contradict each other. */
async function readSelection(
  terminal: Terminal,
  usernames: string[],
  options: SelectionOptions
): Promise<UserSelection> {
  const isFiltered = options.group !== undefined || options.state !== undefined
  const ways = [usernames.length > 0, isFiltered, options.file !== undefined, options.all === true].filter(Boolean)
  if (ways.length === 0) throw new UsageError('Say which users: USERNAME…, --group, --state, --file or --all.')
  if (ways.length > 1 && !(ways.length === 2 && isFiltered && options.all)) {
    throw new UsageError('Say which users in one way: usernames, --group/--state, --file or --all.')
  }
  if (usernames.length > 0) return { usernames }
  if (options.file !== undefined) return { usernames: await readUsernames(terminal, options.file) }
  return { filter: readFilter(options) }
}

/** The selection that arguments and options name; a group that does not exist is refused, since nobody being in it would look like nothing to do. */
export async function selectUsers(
  context: CommandContext,
  usernames: string[],
  options: SelectionOptions
): Promise<UserSelection> {
  const selection = await readSelection(context.terminal, usernames, options)
  await requireGroup(context, options)
  return selection
}

/** As `selectUsers`; everybody where nothing is named. */
export async function selectUsersOrAll(
  context: CommandContext,
  usernames: string[],
  options: SelectionOptions
): Promise<UserSelection> {
  const { group, state, file } = options
  const isNamed = usernames.length > 0 || group !== undefined || state !== undefined || file !== undefined
  return selectUsers(context, usernames, isNamed ? options : { all: true })
}

export async function requireGroup(context: CommandContext, { group }: { group?: string }): Promise<void> {
  if (group === undefined) return
  const groups = await context.call('groups:list', {})
  if (!groups.some(({ name }) => foldCase(name) === foldCase(group))) {
    throw new AppError('group-not-found', `There is no group “${group}”. “provision groups list” lists them all.`)
  }
}

export function readFilter({ group, state }: { group?: string; state?: string }): UserFilter {
  return { ...(group === undefined ? {} : { group }), ...(state === undefined ? {} : readStates(state)) }
}

/**
 * The words of the two states, `locked`, `sent` and `disabled`. `none` alone means neither app nor code; `app:none` and `code:none`
 * speak of one. Words of the same state mean any of them, words of different ones all.
 */
export function readStates(text: string): UserFilter {
  const filter: UserFilter = {}
  const addApp = (state: (typeof appStates)[number]) => (filter.app = [...new Set([...(filter.app ?? []), state])])
  const addCode = (state: (typeof codeStates)[number]) => (filter.code = [...new Set([...(filter.code ?? []), state])])
  // The one state whose words hold a comma.
  const parts = text.replace(new RegExp(appStateWords['set-up'], 'gi'), 'set-up').split(',')
  for (const part of parts) {
    const word = part.trim().toLowerCase().replace(/\s+/g, '-')
    const [, kind, bare = ''] = /^(?:(app|code):)?(.*)$/.exec(word) ?? []
    const app = appStates.find((state) => state === bare)
    const code = codeStates.find((state) => state === bare)
    if (word === 'locked') filter.locked = true
    else if (word === 'sent') filter.sent = true
    else if (word === 'disabled') filter.disabled = true
    else if (app && kind !== 'code' && (app !== 'none' || kind === 'app')) addApp(app)
    else if (code && kind !== 'app' && (code !== 'none' || kind === 'code')) addCode(code)
    else if (word === 'none') {
      addApp('none')
      addCode('none')
    } else {
      const words = [...new Set([...appStates, ...codeStates]), 'locked', 'sent', 'disabled'].join(', ')
      throw new UsageError(`“${part.trim()}” is no state. States are ${words}.`)
    }
  }
  return filter
}

async function readUsernames(terminal: Terminal, file: string): Promise<string[]> {
  const bytes = file === '-' ? await readStdin(terminal) : readInput(file)
  // What `>` writes in Windows PowerShell. The decoder leaves the byte order mark out.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding)
    .decode(bytes)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
}
