import type { Command } from 'commander'
import type { Group, GroupChange } from '../../../shared/group.ts'
import { reportRest } from '../bulk.ts'
import { UsageError } from '../context.ts'
import type { AddCommand } from '../command.ts'
import { formatTable } from '../table.ts'

interface GroupOptions {
  mobileClient: boolean
  selfProvision?: boolean
}

export function addGroupCommands(program: Command, add: AddCommand): void {
  const groups = program.command('groups').description('which users may have a Mobile Client')

  add(groups, 'list', 'all groups with their rights', async (context) => {
    const listed = await context.call('groups:list', {})
    context.print(listed, formatGroups(listed))
  })

  add<GroupOptions>(
    groups,
    'add <name>',
    'adds a group',
    async (context, [name = ''], options) => {
      const rights = { mobileClient: options.mobileClient, selfProvision: options.selfProvision ?? false }
      const added = await context.call('groups:add', { name, ...rights })
      context.print(added, `Added the group “${added.name}”.`)
    },
    { setsUpServer: true }
  )
    .option('--no-mobile-client', 'its users may not use a Mobile Client')
    .option('--self-provision', 'its users may ask the User Portal for a code')

  add(
    groups,
    'set <name> <changes...>',
    'name=…, mobileClient=true|false, selfProvision=true|false, transport=NAME',
    async (context, [name = '', ...changes]) => {
      const changed = await context.call('groups:set', { name, change: readChange(changes) })
      context.print(changed, formatGroups([changed]))
    },
    { setsUpServer: true }
  )

  add<{ moveUsersTo?: string }>(groups, 'remove <name>', 'removes a group', async (context, [name = ''], options) => {
    const { moveUsersTo } = options
    const request = { name, ...(moveUsersTo !== undefined && { moveUsersTo }) }
    const { moved, stopped } = await context.call('groups:remove', request, 'Moving users')
    const users = moved === 0 ? '' : `${moved} ${moved === 1 ? 'user is' : 'users are'} in “${moveUsersTo}” now.`
    const removed = stopped === null ? `Removed the group “${name}”.` : `The group “${name}” is still there.`
    context.print(
      { removed: stopped === null ? name : null, moved, stopped },
      `${removed}${users === '' ? '' : ` ${users}`}`
    )
    reportRest(context, [], stopped, moved)
  }).option('--move-users-to <group>', 'where its users go; without it a group with users is refused')
}

function readChange(changes: string[]): GroupChange {
  const change: GroupChange = {}
  for (const text of changes) {
    const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (key === 'name' || key === 'transport') change[key] = value
    else if (key === 'mobileClient' || key === 'selfProvision') change[key] = readFlag(key, value)
    else
      throw new UsageError(
        `“${text}” is not name=…, mobileClient=true|false, selfProvision=true|false or transport=NAME.`
      )
  }
  return change
}

function readFlag(key: string, text: string): boolean {
  if (/^(true|yes|on)$/i.test(text)) return true
  if (/^(false|no|off)$/i.test(text)) return false
  throw new UsageError(`${key} must be true or false.`)
}

function formatGroups(groups: Group[]): string[] {
  const word = (may: boolean) => (may ? 'yes' : 'no')
  return formatTable(
    ['GROUP', 'MOBILE CLIENT', 'SELF-PROVISION', 'TRANSPORT', 'USERS'],
    groups.map((group) => [
      group.name,
      word(group.mobileClient),
      word(group.selfProvision),
      group.transport,
      String(group.users)
    ])
  )
}
