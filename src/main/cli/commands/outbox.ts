import type { Command } from 'commander'
import type { CallInput } from '../../../shared/contract.ts'
import { messageStates, type MessageState, type OutboxMessage, type OutboxSummary } from '../../../shared/outbox.ts'
import { batchJson, mailsOf, notSentSentence, sentence } from '../batch-words.ts'
import { reportRest } from '../bulk.ts'
import { untilStopped } from '../foreground.ts'
import { UsageError, type CommandContext } from '../context.ts'
import type { AddCommand } from '../command.ts'
import { addSelectionOptions, selectUsers, type SelectionOptions } from '../selection.ts'
import { formatTable, formatTime, isoTime } from '../table.ts'
import { confirm } from '../terminal.ts'

export function addOutboxCommands(program: Command, add: AddCommand): void {
  const outbox = program.command('outbox').description('mails that wait, and what became of the others')

  add<{ failures: string }>(outbox, 'status', 'batches, mails by state, and why some were not sent', showStatus).option(
    '--failures <n>',
    'at most so many mails that were not sent',
    '20'
  )

  add<{ once?: boolean }>(
    outbox,
    'run',
    'sends what waits, and goes on until it is stopped',
    async (context, _args, options) => {
      const opened = await context.console()
      if (options.once !== true) {
        opened.startSending()
        context.remark('Sending what waits in the outbox. Ctrl+C ends it.')
        await untilStopped()
        return
      }
      const before = await context.call('outbox:summary', {})
      const end = await opened.sendDue(context.signal)
      const after = await context.call('outbox:summary', {})
      context.print({ end, counts: after.counts }, sentence(after.counts))
      const left = leftOfRun(before, after)
      const message = notSentSentence(left, after.open.find(({ note }) => note !== null)?.note ?? null, end)
      if (message !== null) context.reportPartial(message, { end, ...left })
    },
    { setsUpServer: true }
  ).option('--once', 'sends what is due and ends')

  addSelectionOptions(
    add<SelectionOptions & { messages?: string; batch?: string; all?: boolean }>(
      outbox,
      'retry [usernames...]',
      'puts mails of SELECTION that failed, wait or are unknown into the outbox once more',
      async (context, usernames, options) => {
        const states = options.messages === undefined ? undefined : readStates(options.messages)
        const { retried, skipped, stopped } = await context.call(
          'outbox:retry',
          {
            ...(states && { states }),
            ...(options.batch !== undefined && { batchId: readBatchId(options.batch) }),
            ...(await namesOf(context, usernames, options))
          },
          'Putting into the outbox'
        )
        context.print({ retried, skipped, stopped }, `Put ${mailsOf(retried)} into the outbox.`)
        reportRest(context, skipped, stopped, retried)
      }
    )
  )
    .option('--messages <states>', 'only mails in these states: failed, deferred, unknown, cancelled')
    .option('--batch <n>', 'only mails of this batch')

  add<{ batch?: string; yes?: boolean }>(
    outbox,
    'cancel',
    'cancels what is not sent yet, and withdraws its codes',
    async (context, _args, options) => {
      const batchId = options.batch === undefined ? undefined : readBatchId(options.batch)
      const { waiting } = await context.call('outbox:summary', {})
      const what =
        batchId === undefined
          ? `the ${mailsOf(waiting)} that ${waiting === 1 ? 'waits' : 'wait'}`
          : `what waits of batch ${batchId}`
      if (options.yes !== true && !(await confirm(context.terminal, `Cancel ${what}?`))) return
      const { cancelled } = await context.call('outbox:cancel', batchId === undefined ? {} : { batchId })
      context.print({ cancelled }, `Cancelled ${mailsOf(cancelled)}.`)
    }
  )
    .option('--batch <n>', 'only this batch')
    .option('--yes', 'do not ask')

  for (const [verb, does] of [
    ['pause', 'sends no more of a batch for now'],
    ['resume', 'goes on with a batch that is paused or stopped']
  ] as const) {
    add(outbox, `${verb} <batch>`, does, async (context, [batch = '']) => {
      const shown = await context.call(`outbox:${verb}`, { batchId: readBatchId(batch) })
      context.print(batchJson(shown), `Batch ${shown.id} is ${shown.state}.`)
    })
  }
}

/** What should have gone out by now and has not: neither what waits for its time or on purpose, nor failures of earlier runs. */
function leftOfRun(before: OutboxSummary, after: OutboxSummary) {
  const { queued, sending, deferred } = after.counts
  const left = { queued, sending, deferred }
  for (const { state, counts } of after.open) {
    if (state !== 'scheduled' && state !== 'paused') continue
    left.queued -= counts.queued
    left.sending -= counts.sending
    left.deferred -= counts.deferred
  }
  const since = (state: 'failed' | 'unknown') => Math.max(0, after.counts[state] - before.counts[state])
  return { ...left, failed: since('failed'), unknown: since('unknown') }
}

async function showStatus(context: CommandContext, _args: string[], options: { failures: string }): Promise<void> {
  const limit = Number(options.failures)
  if (!Number.isSafeInteger(limit) || limit < 0) throw new UsageError('--failures must be a whole number.')
  const summary = await context.call('outbox:summary', {})
  const { batches } = await context.call('outbox:batches', { limit: 20 })
  const states: MessageState[] = ['failed', 'unknown', 'deferred']
  const { messages } =
    limit === 0 ? { messages: [] } : await context.call('outbox:messages', { states, limit: Math.min(500, limit) })
  context.print(
    {
      counts: summary.counts,
      waiting: summary.waiting,
      senderRunning: summary.isSenderRunning,
      nextDueAt: isoTime(summary.nextDueAtMs),
      batches: batches.map(batchJson),
      notSent: messages.map(messageJson)
    },
    [
      sentence(summary.counts),
      ...nextDueWords(summary),
      ...formatTable(
        ['BATCH', 'STATE', 'AT', 'MAILS', 'NOTE'],
        batches.map(({ id, state, atMs, counts, note }) => [
          String(id),
          state,
          formatTime(atMs),
          sentence(counts),
          note ?? ''
        ])
      ),
      ...(messages.length === 0
        ? []
        : formatTable(
            ['USERNAME', 'STATE', 'ADDRESS', 'SERVER SAID'],
            messages.map(({ username, state, address, response }) => [username, state, address, response ?? ''])
          ))
    ]
  )
}

function nextDueWords({ nextDueAtMs, isSenderRunning }: OutboxSummary): string[] {
  if (nextDueAtMs === null) return []
  return [
    `The next may go out from ${formatTime(nextDueAtMs)} on${isSenderRunning ? '' : '; no program that is open sends it'}.`
  ]
}

function messageJson(message: OutboxMessage): Record<string, unknown> {
  const { username, address, kind, batchId, state, attempts, response, nextTryAtMs, messageId } = message
  return {
    username,
    address,
    kind,
    batch: batchId,
    state,
    attempts,
    response,
    nextTryAt: isoTime(nextTryAtMs),
    messageId
  }
}

/** Whose mails: all of them with `--all`, or where a batch or states say which. */
async function namesOf(
  context: CommandContext,
  usernames: string[],
  options: SelectionOptions & { messages?: string; batch?: string }
): Promise<Pick<CallInput<'outbox:retry'>, 'usernames'>> {
  const isNamed =
    usernames.length > 0 || options.group !== undefined || options.state !== undefined || options.file !== undefined
  if (!isNamed && (options.all === true || options.batch !== undefined || options.messages !== undefined)) return {}
  const selection = await selectUsers(context, usernames, options)
  if ('usernames' in selection) return { usernames: selection.usernames }
  const names: string[] = []
  let after: string | undefined
  do {
    const page = await context.call('users:list', {
      filter: selection.filter,
      limit: 500,
      ...(after !== undefined && { after })
    })
    names.push(...page.users.map(({ username }) => username))
    after = page.next ?? undefined
  } while (after !== undefined)
  return { usernames: names }
}

function readStates(text: string): MessageState[] {
  return text.split(',').map((part) => {
    const state = messageStates.find((one) => one === part.trim().toLowerCase())
    if (!state) throw new UsageError(`“${part.trim()}” is no state of a mail: ${messageStates.join(', ')}.`)
    return state
  })
}

function readBatchId(text: string): number {
  const id = Number(text)
  if (!Number.isSafeInteger(id) || id < 1) throw new UsageError('A batch is named by its number.')
  return id
}
