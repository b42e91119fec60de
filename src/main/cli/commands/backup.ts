import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import type { BackupInspection, BackupReport, FolderFigures, RestoreReport } from '../../../shared/backup.ts'
import { AppError } from '../../../shared/errors.ts'
import type { KeySlot } from '../../../shared/key.ts'
import type { Act } from '../../system/operation.ts'
import { openFile } from '../../backup/origin.ts'
import { withBackup } from '../../backup/backup-service.ts'
import { inspectBackup, restoreFolder } from '../../backup/restore.ts'
import { readHeader } from '../../backup/sealed-file.ts'
import { systemClock } from '../../system/clock.ts'
import { keySources, UsageError, type CommandContext } from '../context.ts'
import { terminalText } from '../../system/printable.ts'
import type { AddCommand } from '../command.ts'
import { counted, formatTable, formatTime, isoTime } from '../table.ts'
import { ask, canAsk, confirm, createProgressBar, readStdin } from '../terminal.ts'

const passphraseVariable = 'PROVISION_BACKUP_PASSPHRASE'
/** Users named on a terminal; `--json` has more. */
const mostShown = 10

export function addBackupCommands(program: Command, add: AddCommand): void {
  add<{ force?: boolean }>(
    program,
    'backup <file>',
    `everything, also the data key, in one file sealed by a passphrase (${passphraseVariable}, asked for, or a line on stdin)`,
    async (context, [file = ''], options) => {
      const target = path.resolve(file)
      const overwrite = options.force === true || (await mayOverwrite(context, target))
      // Opened first: it may itself need to ask for a passphrase.
      const { backups } = await context.console()
      const passphrase = await readPassphrase(context, 'New passphrase of the backup: ', true)
      const report = await working(context, 'Backing up (MiB)', (act) =>
        backups.createFile(target, { passphrase, overwrite }, act)
      )
      context.print(backupJson(report), formatBackup(report))
    }
  ).option('--force', 'replace FILE if it is there')

  add<{ yes?: boolean; dryRun?: boolean }>(
    program,
    'restore <file>',
    'puts a backup in the place of all that the data folder holds',
    async (context, [file = ''], options) => {
      const place = { file: path.resolve(file) }
      await requireBackup(place.file)
      const passphrase = await readPassphrase(context, 'Passphrase of the backup: ', false)
      await withBackup(place, passphrase, async (backup) => {
        const { folder, terminal } = context
        const inspection = await inspectBackup(backup, folder)
        const comparison = formatInspection(inspection, folder)
        if (options.dryRun) {
          context.print(inspectionJson(inspection), [...comparison, 'Dry run: nothing was changed.'])
          return
        }
        if (inspection.current.state !== 'empty' && !options.yes) {
          await confirmReplacing(context, backup.name, comparison)
        } else {
          context.remark(comparison.join('\n'))
        }
        const report = await working(context, 'Restoring (MiB)', (act) =>
          restoreFolder({ folder, backup, sources: keySources(terminal), clock: systemClock, act })
        )
        context.print(restoreJson(report), formatRestore(report))
      })
    }
  )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what it holds and what it would replace, change nothing')
}

async function mayOverwrite({ terminal }: CommandContext, target: string): Promise<boolean> {
  if (!existsSync(target) || !canAsk(terminal)) return false
  if (await confirm(terminal, `${target} is there already. Replace it?`)) return true
  throw new AppError('forbidden', 'Nothing was done.')
}

async function confirmReplacing(
  { terminal, folder }: CommandContext,
  name: string,
  comparison: string[]
): Promise<void> {
  // Elsewhere a script is taken at its word; this act takes away what no other can bring back.
  if (!canAsk(terminal)) {
    throw new UsageError(
      `Restoring ${name} replaces all that ${folder} holds. Say --yes to do so without being asked. Nothing was done.`
    )
  }
  terminal.stderr.write(`${terminalText(comparison.join('\n'))}\n`)
  if (!(await confirm(terminal, `Replace all that ${folder} holds?`)))
    throw new AppError('forbidden', 'Nothing was done.')
}

/** Before anybody types a passphrase for a file that is no backup. */
async function requireBackup(file: string): Promise<void> {
  const origin = await openFile(file)
  try {
    await readHeader(origin)
  } finally {
    await origin.close()
  }
}

async function readPassphrase({ terminal }: CommandContext, question: string, isNew: boolean): Promise<string> {
  const given = terminal.environment[passphraseVariable]
  if (given) return given
  if (!canAsk(terminal)) {
    const [line = ''] = (await readStdin(terminal)).toString('utf8').split(/\r?\n/)
    if (line !== '') return line
    throw new AppError(
      'invalid-input',
      `Give the passphrase of the backup in ${passphraseVariable}, or as the first line of standard input.`
    )
  }
  const first = await ask(terminal, question, true)
  const second = isNew ? await ask(terminal, 'Once more: ', true) : first
  if (first === null || first !== second) {
    throw new AppError('invalid-input', 'The two passphrases differ. Nothing was done.')
  }
  return first
}

async function working<T>(context: CommandContext, label: string, work: (act: Act) => Promise<T>): Promise<T> {
  const { terminal, isQuiet, actor, signal } = context
  const bar = isQuiet ? undefined : createProgressBar(terminal, label)
  const mebi = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  try {
    return await work({ actor, signal, onProgress: (done, total) => bar?.show(mebi(done), mebi(total)) })
  } finally {
    bar?.end()
  }
}

function figuresJson({ lastAuditAtMs, ...figures }: FolderFigures): Record<string, unknown> {
  return { ...figures, lastAuditAt: isoTime(lastAuditAtMs) }
}

function summaryJson({ createdAtMs, programVersion, ...figures }: BackupInspection['backup']): Record<string, unknown> {
  return { createdAt: isoTime(createdAtMs), programVersion, ...figuresJson(figures) }
}

function backupJson({ file, bytes, backup }: BackupReport): Record<string, unknown> {
  return { file, bytes, backup: summaryJson(backup) }
}

function inspectionJson({ backup, current, isSameServer, entriesSince }: BackupInspection): Record<string, unknown> {
  const shown = current.state === 'readable' ? { ...figuresJson(current), state: current.state } : current
  return { backup: summaryJson(backup), current: shown, isSameServer, entriesSince }
}

function slotJson({ id, kind, path: file }: KeySlot): Record<string, unknown> {
  return { slot: id, kind, path: file }
}

function restoreJson(report: RestoreReport): Record<string, unknown> {
  const { withdrawnCodes, endedLinks, voidedDevices, returnedUsers, unread, keySlots } = report
  return {
    ...inspectionJson(report),
    withdrawnCodes,
    endedLinks,
    voidedDevices,
    returnedUsers,
    unread,
    keySlots: { open: keySlots.open.map(slotJson), lost: keySlots.lost.map(slotJson) }
  }
}

function formatBackup({ file, bytes, backup }: BackupReport): string {
  const { users, groups, codes, devices, auditRows } = backup
  const counts = [
    counted(users, 'user'),
    counted(groups, 'group'),
    counted(codes, 'code'),
    counted(devices, 'app'),
    counted(auditRows, 'log entry', 'log entries')
  ]
  return `${file}: ${counts.join(', ')} (${bytes.toLocaleString('en')} bytes). Without its passphrase nothing opens it.`
}

function formatInspection({ backup, current, isSameServer, entriesSince }: BackupInspection, folder: string): string[] {
  const now = current.state === 'readable' ? current : null
  const cell = (value: number | undefined) => value?.toLocaleString('en') ?? '—'
  const rows: [string, string, string][] = [
    ['Server', backup.serverName, now?.serverName ?? '—'],
    ['Site ID', String(backup.siteId), now ? String(now.siteId) : '—'],
    ['Made', formatTime(backup.createdAtMs), ''],
    ['Last log entry', formatTime(backup.lastAuditAtMs), now ? formatTime(now.lastAuditAtMs) : '—'],
    ['Users', cell(backup.users), cell(now?.users)],
    ['Groups', cell(backup.groups), cell(now?.groups)],
    ['Codes', cell(backup.codes), cell(now?.codes)],
    ['Apps', cell(backup.devices), cell(now?.devices)],
    ['Log entries', cell(backup.auditRows), cell(now?.auditRows)],
    ['Schema', cell(backup.schemaVersion), cell(now?.schemaVersion)]
  ]
  const table = formatTable(['', 'BACKUP', 'NOW'], rows)
  if (current.state === 'empty') return [...table, `${folder} holds nothing yet.`]
  if (current.state === 'unreadable') {
    return [...table, `What ${folder} holds cannot be read (${current.reason}): what changed since the backup is lost.`]
  }
  if (!isSameServer) return [...table, 'The backup is of ANOTHER SERVER than the data folder.']
  if (entriesSince === null) return [...table, 'Same server, but what it holds now does not go on from this backup.']
  return [...table, `Same server; ${counted(entriesSince, 'log entry', 'log entries')} since the backup.`]
}

function formatRestore(report: RestoreReport): string[] {
  const { backup, withdrawnCodes, endedLinks, voidedDevices, returnedUsers, unread, keySlots } = report
  const lines = [
    `Restored the backup of ${formatTime(backup.createdAtMs)}: ${counted(backup.users, 'user')}.`,
    `${counted(withdrawnCodes, 'live code')} withdrawn; ${counted(endedLinks, 'one-time link')} ended; ${counted(voidedDevices, 'app')} void because changed since.`
  ]
  if (returnedUsers.count > 0) {
    const shown = returnedUsers.usernames.slice(0, mostShown)
    const more = returnedUsers.count - shown.length
    lines.push(
      `Back, though disabled or removed since: ${shown.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}.`
    )
  }
  for (const reason of unread) {
    lines.push(`Not all of the replaced database could be read (${reason}): check which apps are to be kept.`)
  }
  for (const { id, kind, path: file } of keySlots.lost) {
    lines.push(
      `Key slot ${id} (${kind}${file === null ? '' : ` ${file}`}) is gone; add it again with “provision key add”.`
    )
  }
  return lines
}
