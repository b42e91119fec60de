import type { Command } from 'commander'
import type { DeviceRecord } from '../../../shared/device.ts'
import { appStateWords, type User, type UserChange } from '../../../shared/user.ts'
import { confirmMany, reportRest } from '../bulk.ts'
import { UsageError, type CommandContext } from '../context.ts'
import type { AddCommand } from '../command.ts'
import { refuseTwoOutputs, writeOutput } from '../output-file.ts'
import {
  addSelectionOptions,
  readFilter,
  requireGroup,
  selectUsers,
  selectUsersOrAll,
  type SelectionOptions
} from '../selection.ts'
import { formatTable, formatTime, isoTime } from '../table.ts'
import { importUsers, type ImportOptions } from './users-import.ts'

interface ListOptions {
  query?: string
  group?: string
  state?: string
  limit: string
  after?: string
}

interface FieldOptions {
  name?: string
  email?: string
  phone?: string
  group?: string
}

export function addUserCommands(program: Command, add: AddCommand): void {
  const users = program.command('users').description('who may be provisioned')

  add<ImportOptions>(users, 'import <file>', 'adds and updates users from a CSV file (- is stdin)', importUsers, {
    setsUpServer: true
  })
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--skip-bad', 'leave bad lines out instead of refusing the file')
    .option('--create-groups', 'create groups that do not exist')
    .option('--disable-missing <group>', 'disable the users of this group whom the file does not name')
    .option('--yes', 'do not ask')

  add<ListOptions>(users, 'list', 'users in the order of their usernames', listUsers)
    .option('--query <text>', 'part of username, name, address or phone number')
    .option('--group <name>', 'only this group')
    .option(
      '--state <state>',
      'only users in this state; of several (comma-separated) of one kind any, of different kinds all'
    )
    .option('--limit <n>', 'at most so many', '100')
    .option('--after <cursor>', 'go on after the page that gave this cursor')

  add(users, 'show <username>', 'one user and what happened to it', async (context, [username = '']) => {
    const { user, timeline, device } = await context.call('users:show', { username })
    const events = timeline.map(({ atMs, kind, actor, detail }) => ({ at: isoTime(atMs), kind, actor, detail }))
    context.print({ ...toJson(user), device: deviceJson(device), timeline: events }, [
      ...formatUser(user),
      ...formatDevice(device),
      '',
      ...timeline.map(({ atMs, kind, actor }) => `${formatTime(atMs)}  ${kind}${actor === '' ? '' : `  ${actor}`}`)
    ])
  })

  addFieldOptions(
    add<FieldOptions>(
      users,
      'add <username>',
      'adds a user',
      async (context, [username = ''], options) => {
        const { name = '', email = '', phone = '', group = 'Staff' } = options
        const added = await context.call('users:add', { username, name, email, phone, group })
        context.print(toJson(added), `Added ${added.username}.`)
      },
      { setsUpServer: true }
    )
  )

  add(
    users,
    'set <username> <changes...>',
    'username=…, name=…, email=…, phone=…, group=…',
    async (context, [username = '', ...changes]) => {
      const changed = await context.call('users:set', { username, change: readChange(changes) })
      context.print(toJson(changed), formatUser(changed))
    }
  )

  for (const [verb, past, description] of [
    ['disable', 'Disabled', 'their live codes are withdrawn'],
    ['enable', 'Enabled', 'undoes disable; codes stay withdrawn'],
    ['remove', 'Removed', 'their codes and apps are void for good'],
    ['unprovision', 'Took the app from', 'their apps are void; live codes stay'],
    ['unlock', 'Unlocked', 'ends the wait after wrong attempts']
  ] as const) {
    addSelectionOptions(
      add<SelectionOptions & { yes?: boolean }>(
        users,
        `${verb} [usernames...]`,
        `${verb} SELECTION: ${description}`,
        async (context, usernames, options) => {
          const selection = await selectUsers(context, usernames, options)
          if ((verb === 'remove' || verb === 'unprovision') && !options.yes)
            await confirmMany(context, usernames, options, verb)
          const { changed, skipped, stopped } = await context.call(`users:${verb}`, { selection }, verb)
          context.print({ changed, skipped, stopped }, `${past} ${changed} ${changed === 1 ? 'user' : 'users'}.`)
          reportRest(context, skipped, stopped, changed)
        }
      )
    ).option('--yes', 'do not ask')
  }

  addSelectionOptions(
    add<SelectionOptions & { to: string; yes?: boolean }>(
      users,
      'move [usernames...]',
      'moves SELECTION to another group',
      async (context, usernames, { to, ...options }) => {
        const selection = await selectUsers(context, usernames, options)
        if (usernames.length !== 1 && !options.yes) await confirmMany(context, usernames, options, 'move')
        const { changed, skipped, stopped } = await context.call('users:move', { selection, group: to }, 'Moving')
        context.print({ changed, skipped, stopped }, `Moved ${changed} ${changed === 1 ? 'user' : 'users'}.`)
        reportRest(context, skipped, stopped, changed)
      }
    )
  )
    .requiredOption('--to <group>', 'where they go')
    .option('--yes', 'do not ask')

  addSelectionOptions(
    add<SelectionOptions & { out: string }>(
      users,
      'export [usernames...]',
      'CSV of SELECTION (everybody, where none is named), which import reads back',
      exportUsers
    )
  ).requiredOption('--out <file>', 'where to; - is stdout')
}

async function exportUsers(
  context: CommandContext,
  usernames: string[],
  options: SelectionOptions & { out: string }
): Promise<void> {
  const { out } = options
  refuseTwoOutputs(context, out, 'CSV')
  const selection = await selectUsersOrAll(context, usernames, options)
  const { users } = await writeOutput(context, out, () => context.call('users:export', { selection }, 'Exporting'))
  if (out !== '-') context.print({ file: out, users }, `${out}: ${users} ${users === 1 ? 'user' : 'users'}.`)
}

function addFieldOptions(command: Command): Command {
  return command
    .option('--name <name>')
    .option('--email <address>')
    .option('--phone <number>')
    .option('--group <name>', 'default: Staff')
}

async function listUsers(context: CommandContext, _args: string[], options: ListOptions): Promise<void> {
  const wanted = Number(options.limit)
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new UsageError('--limit must be a whole number from 1 on.')
  const filter = { ...readFilter(options), ...(options.query === undefined ? {} : { query: options.query }) }
  await requireGroup(context, options)
  const users: User[] = []
  let next: string | null = options.after ?? null
  do {
    const limit = Math.min(500, wanted - users.length)
    const page: { users: User[]; next: string | null } = await context.call('users:list', {
      filter,
      limit,
      ...(next === null ? {} : { after: next })
    })
    users.push(...page.users)
    next = page.next
  } while (next !== null && users.length < wanted)
  context.print(
    { users: users.map(toJson), next },
    formatTable(
      ['USERNAME', 'NAME', 'GROUP', 'APP', 'CODE', ''],
      users.map((user) => [user.username, user.name, user.group, appStateWords[user.app], codeWord(user), badges(user)])
    )
  )
  if (next !== null) context.remark(`More: --after ${next}`)
}

function codeWord(user: User): string {
  return user.code === 'live' ? `live until ${formatTime(user.codeExpiresAtMs)}` : user.code
}

function badges(user: User): string {
  return [user.lockedUntilMs === null ? '' : 'locked', user.disabled ? 'disabled' : ''].filter(Boolean).join(' ')
}

function formatUser(user: User): string[] {
  const lines: [string, string][] = [
    ['Username', user.username],
    ['Name', user.name],
    ['Email', user.email],
    ['Phone', user.phone],
    ['Group', user.group],
    ['App', appStateWords[user.app]],
    ['Code', codeWord(user)],
    ['', badges(user)]
  ]
  return lines.filter(([, value]) => value !== '').map(([label, value]) => `${label.padEnd(9)} ${value}`)
}

function toJson(user: User): Record<string, unknown> {
  return {
    username: user.username,
    name: user.name,
    email: user.email,
    phone: user.phone,
    group: user.group,
    disabled: user.disabled,
    app: user.app,
    provisionedAt: isoTime(user.provisionedAtMs),
    code: user.code,
    codeIssuedAt: isoTime(user.codeIssuedAtMs),
    codeExpiresAt: isoTime(user.codeExpiresAtMs),
    lockedUntil: isoTime(user.lockedUntilMs)
  }
}

function deviceJson(device: DeviceRecord | null): Record<string, unknown> | null {
  if (!device) return null
  const { provisionedAtMs, address, generation, code } = device
  return {
    provisionedAt: isoTime(provisionedAtMs),
    address,
    code: { channel: code.channel, issuedAt: isoTime(code.issuedAtMs) },
    stringsDownloaded: generation
  }
}

function formatDevice(device: DeviceRecord | null): string[] {
  if (!device) return []
  const { provisionedAtMs, address, generation, code } = device
  const downloads = generation === 1 ? 'once' : `${generation} times`
  return [
    `Set up    ${formatTime(provisionedAtMs)} from ${address}, by the code issued ${formatTime(code.issuedAtMs)} (${code.channel})`,
    `Strings   ${generation === 0 ? 'not downloaded yet' : `downloaded ${downloads}`}`
  ]
}

function readChange(changes: string[]): UserChange {
  const change: UserChange = {}
  for (const text of changes) {
    const [, key, value = ''] = /^(username|name|email|phone|group)=(.*)$/s.exec(text) ?? []
    if (key === undefined) throw new UsageError(`“${text}” is not username=…, name=…, email=…, phone=… or group=….`)
    change[key as keyof UserChange] = value
  }
  return change
}
