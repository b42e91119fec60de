import { AppError } from '../../../shared/errors.ts'
import type { CallInput } from '../../../shared/contract.ts'
import type { ImportReport } from '../../../shared/user.ts'
import { exitCodes, type CommandContext } from '../context.ts'
import { readInput } from '../input-file.ts'
import { canAsk, confirm, readStdin } from '../terminal.ts'
import { terminalText } from '../../system/printable.ts'

export interface ImportOptions {
  dryRun?: boolean
  skipBad?: boolean
  createGroups?: boolean
  disableMissing?: string
  yes?: boolean
}

export async function importUsers(
  context: CommandContext,
  [file = '']: string[],
  options: ImportOptions
): Promise<void> {
  const content = file === '-' ? await readStdin(context.terminal) : readInput(file)
  const { dryRun = false, skipBad = false, createGroups = false, disableMissing } = options
  const request = { content, skipBad, createGroups, ...(disableMissing !== undefined && { disableMissing }) }
  if (disableMissing !== undefined && !dryRun && !options.yes) await confirmLeavers(context, request, disableMissing)
  const report = await context.call('users:import', { ...request, dryRun }, 'Importing')
  const { disabled, leavers, hasNameless: _, ...always } = report
  context.print({ ...always, ...(disableMissing !== undefined && { disabled, leavers }) }, formatReport(report, dryRun))
  const bad = report.rejected.length
  if (!context.isJson) {
    for (const { line, reason } of report.warnings) {
      context.terminal.stderr.write(`${file}:${line}: the email ${reason}; it may not be the one it looks like\n`)
    }
  }
  if (bad > 0 && !context.isJson) {
    for (const { line, column, reason } of report.rejected) {
      context.terminal.stderr.write(`${terminalText(`${file}:${line}: ${column ?? 'the line'} ${reason}`)}\n`)
    }
  }
  if (bad > 0 && !report.written && !dryRun && report.stopped === null) {
    throw new AppError(
      'import-rejected',
      `${bad} ${bad === 1 ? 'problem' : 'problems'} in ${file}: nothing was written. Mend the lines, or leave them out with --skip-bad.`,
      { rejected: report.rejected }
    )
  }
  if (report.stopped !== null) {
    const stopped = report.stopped.replace(/\.$/, '')
    context.reportPartial(`The import stopped early: ${stopped}. The same file again goes on from there.`, {})
    if (!report.written) context.exitCode = exitCodes.failed
  } else if (bad > 0) context.exitCode = exitCodes.partial
}

/** On a terminal says first who is taken for a leaver: a file of another department would disable a whole group. */
async function confirmLeavers(
  context: CommandContext,
  request: CallInput<'users:import'>,
  group: string
): Promise<void> {
  if (!canAsk(context.terminal)) return
  const { disabled, leavers } = await context.call('users:import', { ...request, dryRun: true }, 'Reading')
  if (disabled === 0) return
  const question = `Disable ${disabled} ${disabled === 1 ? 'user' : 'users'} of ${group} whom the file does not name (${shorten(leavers, disabled)})?`
  if (!(await confirm(context.terminal, question))) throw new AppError('forbidden', 'Nothing was done.')
}

function shorten(names: string[], count: number): string {
  const shown = names.slice(0, 10)
  return shown.join(', ') + (count > shown.length ? ` and ${count - shown.length} more` : '')
}

function formatReport(report: ImportReport, dryRun: boolean): string[] {
  if (!report.written && !dryRun) return []
  const would = dryRun ? ' (dry run: nothing was written)' : ''
  const { added, updated, unchanged, rejected, createdGroups, disabled, leavers } = report
  const lines = [`${added} added, ${updated} updated, ${unchanged} unchanged, ${rejected.length} rejected${would}`]
  if (disabled > 0) {
    lines.push(`${disabled} ${dryRun ? 'to disable' : 'disabled'}, not in the file: ${shorten(leavers, disabled)}`)
  }
  if (createdGroups.length > 0) lines.push(`Groups ${dryRun ? 'to create' : 'created'}: ${createdGroups.join(', ')}`)
  return lines
}
