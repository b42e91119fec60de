import type { Command } from 'commander'
import {
  auditKinds,
  breakOf,
  type AuditEntry,
  type AuditFilter,
  type AuditVerification
} from '../../../shared/audit.ts'
import { auditHead, type AuditHead } from '../../../shared/backup.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import { parseDuration } from '../../../shared/duration.ts'
import { AppError } from '../../../shared/errors.ts'
import { UsageError, type CommandContext } from '../context.ts'
import { readInput } from '../input-file.ts'
import { refuseTwoOutputs, writeOutput } from '../output-file.ts'
import type { AddCommand } from '../command.ts'
import { counted, formatTable, formatTime, isoTime } from '../table.ts'

interface LogOptions {
  since?: string
  until?: string
  user?: string
  kind?: string
  query?: string
  limit: string
}

export function addLogCommands(program: Command, add: AddCommand): void {
  addFilterOptions(add<LogOptions>(program, 'log', 'what was done and attempted, the oldest first', showLog)).option(
    '--limit <n>',
    'at most so many, the newest',
    '1000'
  )

  const audit = program.command('audit').description('whether the log is as it was written')

  add<{ head?: string }>(
    audit,
    'verify',
    'checks every row, and the end against a head that was kept',
    verifyLog
  ).option('--head <file>', 'a file that “audit head” wrote')

  add<{ out: string }>(
    audit,
    'head',
    'the end of the log as it is now, to be kept elsewhere: what is cut off later shows against it',
    async (context, _args, { out }) => {
      const { head, kept } = await writeOutput(context, out, async () => {
        const { head: end } = await context.call('log:verify', {}, 'Reading')
        if (!end) throw new AppError('log-broken', 'Not even the first row of the log is as it was written.')
        const shown = { id: end.id, mac: end.mac, at: isoTime(end.atMs) }
        return { head: end, kept: shown, content: Buffer.from(`${JSON.stringify(shown)}\n`) }
      })
      if (out !== '-') context.print(kept, `${out}: row ${head.id}, of ${formatTime(head.atMs)}.`)
    }
  ).requiredOption('--out <file>', 'where to; - is stdout')

  addFilterOptions(
    add<LogOptions & { out: string; format?: string }>(
      audit,
      'export',
      'the log as CSV or JSON, the newest first',
      async (context, _args, options) => {
        const { out } = options
        const format = options.format ?? (out.toLowerCase().endsWith('.json') ? 'json' : 'csv')
        if (format !== 'csv' && format !== 'json') throw new UsageError('--format is csv or json.')
        if (format === 'csv') refuseTwoOutputs(context, out, 'CSV')
        const filter = await readFilter(context, options)
        const { entries } = await writeOutput(context, out, () =>
          context.call('log:export', { filter, format }, 'Exporting')
        )
        if (out !== '-') context.print({ file: out, entries }, `${out}: ${counted(entries, 'entry', 'entries')}.`)
      }
    )
  )
    .requiredOption('--out <file>', 'where to; - is stdout')
    .option('--format <format>', 'csv or json (default: by the file’s ending, else csv)')
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--since <time>', 'from then on: a time such as 2026-05-04T17:00, or so long ago, such as 24h')
    .option('--until <time>', 'up to then')
    .option('--user <username>', 'about this user')
    .option('--kind <kinds>', 'only of these kinds, comma-separated, such as attempt.refused')
    .option('--query <text>', 'that hold this text')
}

async function showLog(context: CommandContext, _args: string[], options: LogOptions): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number from 1 on.')
  const filter = await readFilter(context, options)
  const entries: AuditEntry[] = []
  let beforeId: number | null = null
  do {
    const page: CallOutput<'log:list'> = await context.call('log:list', {
      filter,
      limit: Math.min(500, limit - entries.length),
      ...(beforeId === null ? {} : { beforeId })
    })
    entries.push(...page.entries)
    beforeId = page.next
  } while (beforeId !== null && entries.length < limit)
  const shown = entries.toReversed()
  context.print(
    shown.map(({ id, atMs, actor, kind, username, detail }) => ({
      row: id,
      at: isoTime(atMs),
      actor,
      kind,
      username,
      detail
    })),
    formatTable(
      ['ROW', 'TIME', 'WHO', 'WHAT', 'USER', ''],
      shown.map((entry) => [
        String(entry.id),
        formatTime(entry.atMs),
        entry.actor,
        entry.kind,
        entry.username,
        detailText(entry.detail)
      ])
    )
  )
}

const mostDetailCharacters = 200

/** A chunk of a bulk act lists its users; on a terminal their number says more. */
function detailText(detail: AuditEntry['detail']): string {
  const parts = Object.entries(detail).map(([name, value]) => {
    if (Array.isArray(value)) return `${name}: ${value.length}`
    return `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
  })
  const text = parts.join(', ')
  return text.length > mostDetailCharacters ? `${text.slice(0, mostDetailCharacters)}…` : text
}

async function verifyLog(context: CommandContext, _args: string[], options: { head?: string }): Promise<void> {
  const kept = options.head === undefined ? undefined : readHead(options.head)
  const result = await context.call('log:verify', kept === undefined ? {} : { head: kept }, 'Verifying')
  const { rows, brokenRow, head, checkpoint, keptHead } = result
  const json = {
    rows,
    brokenRow,
    head: head && { id: head.id, mac: head.mac, at: isoTime(head.atMs) },
    checkpoint: checkpoint && { id: checkpoint.id, at: isoTime(checkpoint.atMs), cutAt: isoTime(checkpoint.cutAtMs) },
    keptHead
  }
  if (brokenRow !== null) throw new AppError('log-broken', brokenSentence(result), json)
  context.print(json, [
    `${counted(rows, 'entry', 'entries')}; each is as it was written.`,
    head === null ? 'There is nothing in the log.' : `Proven up to row ${head.id}, of ${formatTime(head.atMs)}.`,
    ...(checkpoint === null
      ? []
      : [
          `Rows 1 to ${checkpoint.id}, the last of ${formatTime(checkpoint.atMs)}, were removed on ${formatTime(checkpoint.cutAtMs)} because of “policy.log.keep”; each was checked before. What they said is not proven any more.`
        ]),
    keptHead === 'fits'
      ? `The kept head fits: nothing up to row ${kept?.id} was cut off either.`
      : keptHead === 'cut'
        ? `The kept head is row ${kept?.id}, which was removed as well: it can no longer be compared. Keep a newer one (“audit head --out FILE”).`
        : 'Rows cut off at its end cannot be told without a kept head (“audit head --out FILE”, then “audit verify --head FILE”).'
  ])
}

function brokenSentence(result: AuditVerification): string {
  const { brokenRow, head } = result
  const until = head === null ? 'Nothing before it is proven.' : `Up to row ${head.id} all is as it was written.`
  const how = breakOf(result)
  if (how === 'cutOff') {
    return `Row ${brokenRow} of the log is missing, and what followed it: the kept head is further on. ${until}`
  }
  if (how === 'differs') return `Row ${brokenRow} of the log is another one than when its head was kept.`
  return `Row ${brokenRow} of the log is not as it was written: it was changed, dropped or slipped in. ${until}`
}

function readHead(file: string): AuditHead {
  const text = readInput(file).toString('utf8')
  try {
    return auditHead.parse(JSON.parse(text))
  } catch {
    throw new AppError('file-unreadable', `${file} is no head of a log; “audit head --out FILE” writes one.`)
  }
}

async function readFilter(
  context: CommandContext,
  { since, until, user, kind, query }: Omit<LogOptions, 'limit'>
): Promise<AuditFilter> {
  const kinds = kind?.split(',').map((part) => {
    const known = auditKinds.find((one) => one === part.trim())
    if (!known) throw new UsageError(`“${part.trim()}” is no kind of entry. Kinds are ${auditKinds.join(', ')}.`)
    return known
  })
  return {
    ...(since !== undefined && { sinceMs: await readTime(context, since) }),
    ...(until !== undefined && { untilMs: await readTime(context, until) }),
    ...(user !== undefined && { user }),
    ...(query !== undefined && { text: query }),
    ...(kinds && { kinds })
  }
}

/** How long ago is counted by the server's time, as the log is. */
async function readTime(context: CommandContext, text: string): Promise<number> {
  const agoMs = parseDuration(text)
  const atMs = agoMs === null ? Date.parse(text) : (await context.call('time:get', {})).nowMs - agoMs
  if (Number.isNaN(atMs)) {
    throw new UsageError(`“${text}” is no time; write one such as 2026-05-04T17:00, or how long ago, such as 24h.`)
  }
  return atMs
}
