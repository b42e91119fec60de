import type { Command } from 'commander'
import type { CodeEntry } from '../../../shared/code.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { codeStates, type CodeState, type UserSelection } from '../../../shared/user.ts'
import { confirmMany, reportRest } from '../bulk.ts'
import { addLifeOptions, readLife, type LifeOptions } from '../code-life.ts'
import { UsageError, type CommandContext } from '../context.ts'
import { refuseTwoOutputs, writeCodes } from '../output-file.ts'
import type { AddCommand } from '../command.ts'
import { addSelectionOptions, selectUsers, type SelectionOptions } from '../selection.ts'
import { formatTable, formatTime, isoTime } from '../table.ts'

type IssueOptions = SelectionOptions & LifeOptions & { reveal?: boolean; out?: string; yes?: boolean }

export function addCodeCommands(program: Command, add: AddCommand): void {
  const codes = program.command('codes').description('one-time provision codes')

  addLifeOptions(
    addSelectionOptions(
      add<IssueOptions>(
        codes,
        'issue [usernames...]',
        'a new code for each user of SELECTION; it ends the earlier one',
        async (context, usernames, options) => {
          if (options.out !== undefined && options.reveal) throw new UsageError('Give --reveal or --out, not both.')
          if (options.out !== undefined) refuseTwoOutputs(context, options.out, 'CSV')
          const selection = await selectUsers(context, usernames, options)
          if (usernames.length === 0 && !options.yes)
            await confirmMany(context, usernames, options, 'issue new codes for')
          if (options.out !== undefined) return issueIntoFile(context, selection, options, options.out)
          const reveal = options.reveal ?? false
          const { issued, skipped, stopped } = await context.call(
            'codes:issue',
            { selection, reveal, ...readLife(options) },
            'Issuing'
          )
          context.print(
            issued.map(({ username, code, url, expiresAtMs }) => ({
              username,
              ...(reveal ? { code, url } : {}),
              expiresAt: isoTime(expiresAtMs)
            })),
            reveal
              ? formatTable(
                  ['USERNAME', 'CODE', 'UNTIL', 'URL'],
                  issued.map((one) => [one.username, one.code ?? '', formatTime(one.expiresAtMs), one.url ?? ''])
                )
              : `Issued ${issued.length} ${issued.length === 1 ? 'code' : 'codes'}.`
          )
          reportRest(context, skipped, stopped, issued.length)
        }
      )
    )
  )
    .option('--reveal', 'print codes and URLs (each is recorded as revealed)')
    .option('--out <file>', 'codes and URLs as CSV into this file (each is recorded as revealed); - is stdout')
    .option('--yes', 'do not ask')

  add(
    codes,
    'link <username>',
    'a one-time link by which the user shows a QR code of their own; whoever holds it gets the app',
    async (context, [username = '']) => {
      const link = await context.call('links:create', { username })
      context.print({ username: link.username, url: link.url, expiresAt: isoTime(link.expiresAtMs) }, link.url)
    }
  )

  add<{ state?: string; limit: string }>(codes, 'list', 'codes, the newest first', async (context, _args, options) => {
    const limit = Number(options.limit)
    if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number from 1 on.')
    const state = options.state === undefined ? {} : { state: readCodeState(options.state) }
    const listed: CodeEntry[] = []
    let beforeId: number | null = null
    do {
      const page: CallInput<'codes:list'> = {
        ...state,
        limit: Math.min(500, limit - listed.length),
        ...(beforeId === null ? {} : { beforeId })
      }
      const answer: CallOutput<'codes:list'> = await context.call('codes:list', page)
      listed.push(...answer.codes)
      beforeId = answer.next
    } while (beforeId !== null && listed.length < limit)
    context.print(
      listed.map(({ username, state: is, channel, issuedAtMs, expiresAtMs, endedAtMs }) => ({
        username,
        state: is,
        channel,
        issuedAt: isoTime(issuedAtMs),
        expiresAt: isoTime(expiresAtMs),
        endedAt: isoTime(endedAtMs)
      })),
      formatTable(
        ['USERNAME', 'STATE', 'ISSUED', 'UNTIL'],
        listed.map((code) => [code.username, code.state, formatTime(code.issuedAtMs), formatTime(code.expiresAtMs)])
      )
    )
  })
    .option('--state <state>', 'live, used, failed, expired, superseded or withdrawn')
    .option('--limit <n>', 'at most so many', '1000')

  addSelectionOptions(
    add<SelectionOptions & { yes?: boolean }>(
      codes,
      'withdraw [usernames...]',
      'ends the live codes of SELECTION',
      async (context, usernames, options) => {
        const selection = await selectUsers(context, usernames, options)
        if (!options.yes) await confirmMany(context, usernames, options, 'withdraw the codes of')
        const { withdrawn, skipped, stopped } = await context.call('codes:withdraw', { selection }, 'Withdrawing')
        context.print({ withdrawn, skipped, stopped }, `Withdrew ${withdrawn} ${withdrawn === 1 ? 'code' : 'codes'}.`)
        reportRest(context, skipped, stopped, withdrawn)
      }
    )
  ).option('--yes', 'do not ask')
}

async function issueIntoFile(
  context: CommandContext,
  selection: UserSelection,
  life: LifeOptions,
  file: string
): Promise<void> {
  const request = { selection, ...readLife(life) }
  const { issued, skipped, stopped } = await writeCodes(
    context,
    file,
    () => context.call('codes:issueFile', request, 'Issuing'),
    {
      contentOf: ({ content }) => content,
      withdraw: async ({ usernames }) => {
        const withdrawn = await context.call('codes:withdraw', { selection: { usernames } })
        if (withdrawn.stopped !== null) throw new Error(withdrawn.stopped)
      },
      what: (made) => ({ one: made.issued === 1, words: made.issued === 1 ? 'The code' : `The ${made.issued} codes` })
    }
  )
  if (file !== '-') {
    context.print({ file, issued, skipped, stopped }, `${file}: ${issued} ${issued === 1 ? 'code' : 'codes'}.`)
  }
  reportRest(context, skipped, stopped, issued)
}

function readCodeState(text: string): CodeState {
  const state = codeStates.find((one) => one === text.trim().toLowerCase() && one !== 'none')
  if (!state)
    throw new UsageError(`“${text}” is no state of a code: ${codeStates.filter((one) => one !== 'none').join(', ')}.`)
  return state
}
