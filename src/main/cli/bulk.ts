import { AppError } from '../../shared/errors.ts'
import { UsageError, type CommandContext } from './context.ts'
import { readFilter, type SelectionOptions } from './selection.ts'
import { counted } from './table.ts'
import { canAsk, confirm } from './terminal.ts'

/** On a terminal asks before an act on many, or one that cannot be undone; a script is taken at its word. */
export async function confirmMany(
  context: CommandContext,
  usernames: string[],
  options: SelectionOptions,
  verb: string
): Promise<void> {
  if (options.file === '-' && canAsk(context.terminal)) {
    throw new UsageError('Where the usernames come from standard input, nobody can be asked there: say --yes.')
  }
  const who =
    usernames.length === 1
      ? usernames[0]
      : usernames.length > 1
        ? counted(usernames.length, 'user')
        : options.file === undefined
          ? counted((await context.call('users:count', { filter: readFilter(options) })).users, 'user')
          : `the users named in ${options.file}`
  const question = `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${who}?`
  if (!(await confirm(context.terminal, question))) throw new AppError('forbidden', 'Nothing was done.')
}

/** Says what a bulk act left out; exit code 3 when something was done, 1 when nothing. */
export function reportRest(
  context: CommandContext,
  skipped: { username: string; reason: string }[],
  stopped: string | null,
  doneCount: number,
  more?: string
): void {
  if (skipped.length === 0 && stopped === null) return
  const sentences = [
    ...(stopped === null ? [] : [`Stopped early: ${stopped.replace(/\.$/, '')}.`]),
    ...(skipped.length === 0 ? [] : [`Left out ${skipped.length}: ${summarise(skipped)}.`]),
    ...(more === undefined ? [] : [more])
  ]
  const message = sentences.join(' ')
  if (doneCount === 0) throw new AppError('nothing-done', message, { skipped, stopped })
  context.reportPartial(message, { skipped, stopped })
}

function summarise(skipped: { username: string; reason: string }[]): string {
  const shown = skipped.slice(0, 10).map(({ username, reason }) => `${username} (${reason})`)
  return shown.join(', ') + (skipped.length > shown.length ? ` and ${skipped.length - shown.length} more` : '')
}
