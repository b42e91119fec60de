import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { OutboxBatch } from '../../../shared/outbox.ts'
import type { RunEnd } from '../../outbox/sender.ts'
import { batchJson, mailsOf, notSentSentence, sentence } from '../batch-words.ts'
import { confirmMany, reportRest } from '../bulk.ts'
import { addLifeOptions, readLife, type LifeOptions } from '../code-life.ts'
import { UsageError, type CommandContext } from '../context.ts'
import { refuseTwoOutputs, writeOutput } from '../output-file.ts'
import type { AddCommand } from '../command.ts'
import { addSelectionOptions, selectUsers, type SelectionOptions } from '../selection.ts'
import { isoTime } from '../table.ts'
import { createProgressBar } from '../terminal.ts'

type SendOptions = SelectionOptions &
  LifeOptions & { at?: string; includeProvisioned?: boolean; queue?: boolean; yes?: boolean }

export function addMailCommands(program: Command, add: AddCommand): void {
  const mail = program.command('mail').description('provision codes by email')

  addLifeOptions(
    add<LifeOptions & { out: string }>(
      mail,
      'preview <username>',
      'writes the mail as it would be sent to a user, with a sample code',
      async (context, [username = ''], options) => {
        refuseTwoOutputs(context, options.out, 'mail')
        const life = readLife(options)
        const { preview } = await writeOutput(context, options.out, async () => {
          const made = await context.call('mail:preview', { username, life })
          return { preview: made, content: made.raw }
        })
        if (options.out === '-') return
        const { to, from, subject, transport, sampleCode, expiresAtMs, sizeBytes, checks } = preview
        context.print(
          {
            file: options.out,
            to,
            from,
            subject,
            transport,
            sampleCode,
            expiresAt: isoTime(expiresAtMs),
            sizeBytes,
            checks
          },
          [
            `Wrote ${options.out} (${sizeBytes} bytes), with the sample code ${sampleCode}: no live one was made.`,
            ...checks.map(({ outcome, message }) => `${outcome.padEnd(8)} ${message}`)
          ]
        )
      }
    ).requiredOption('--out <file>', 'where to write it (.eml)')
  )

  addLifeOptions(
    addSelectionOptions(
      add<SendOptions>(mail, 'send [usernames...]', 'issues a code to each user of SELECTION and mails it', sendMails)
    )
  )
    .option('--at <time>', 'when to send, such as 2026-05-04T17:00 (default: now)')
    .option('--include-provisioned', 'also users whose app is provisioned already')
    .option('--queue', 'put the mails into the outbox, and leave sending them to “outbox run” or an open console')
    .option('--yes', 'do not ask')

  add<{ transport: string }>(
    mail,
    'test <address>',
    'sends the mail with a sample code to one address',
    async (context, [address = ''], options) => {
      const delivery = await context.call('transports:test', { name: options.transport, address })
      if (!delivery.accepted) {
        throw new AppError('transport-refused', `The mail was not accepted: ${delivery.response}`, delivery)
      }
      context.print(delivery, `The mail server took the mail to ${delivery.address}: ${delivery.response}`)
    }
  ).option('--transport <name>', 'by which transport', 'default')
}

async function sendMails(context: CommandContext, usernames: string[], options: SendOptions): Promise<void> {
  const selection = await selectUsers(context, usernames, options)
  if (usernames.length === 0 && !options.yes) await confirmMany(context, usernames, options, 'mail new codes to')
  const request = {
    selection,
    life: readLife(options),
    includeProvisioned: options.includeProvisioned ?? false,
    ...(options.at !== undefined && { atMs: readTime(options.at) })
  }
  const { batch, queued, skipped, stopped } = await context.call('mail:send', request, 'Putting into the outbox')
  const isNow = batch !== null && batch.state === 'sending' && options.queue !== true
  const sent = isNow ? await sendBatch(context, batch.id) : null
  const shown = sent?.batch ?? batch
  context.print({ batch: shown && batchJson(shown), queued, skipped, stopped }, [
    `Put ${mailsOf(queued)} into the outbox.`,
    ...(shown && isNow ? [sentence(shown.counts)] : [])
  ])
  const left = shown && sent ? notSentSentence(shown.counts, shown.note, sent.end) : null
  if (skipped.length > 0 || stopped !== null) reportRest(context, skipped, stopped, queued, left ?? undefined)
  else if (left !== null) context.reportPartial(left, shown?.counts)
}

async function sendBatch(
  context: CommandContext,
  batchId: number
): Promise<{ batch: OutboxBatch | null; end: RunEnd }> {
  const bar = context.isQuiet ? undefined : createProgressBar(context.terminal, 'Sending')
  const opened = await context.console()
  const stop = opened.subscribe((name, data) => {
    if (name === 'outbox-progress' && 'batchId' in data && data.batchId === batchId) bar?.show(data.done, data.total)
  })
  const end = await opened.sendDue(context.signal)
  stop()
  bar?.end()
  const { batches } = await context.call('outbox:batches', {})
  const batch = batches.find(({ id }) => id === batchId) ?? null
  return { batch, end }
}

function readTime(text: string): number {
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) throw new UsageError(`“${text}” is no time; write one such as 2026-05-04T17:00.`)
  return atMs
}
