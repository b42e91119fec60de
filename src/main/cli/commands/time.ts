import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { ServerTime } from '../../../shared/time.ts'
import type { CommandContext } from '../context.ts'
import type { AddCommand } from '../command.ts'
import { formatTime, isoTime } from '../table.ts'
import { confirm } from '../terminal.ts'

export function addTimeCommands(program: Command, add: AddCommand): void {
  const time = program.command('time').description('the time by which codes expire')

  add(time, 'show', 'the time beside the clock of this machine', async (context) => {
    const shown = await context.call('time:get', {})
    context.print(toJson(shown), describe(shown))
  })

  add<{ yes?: boolean }>(
    time,
    'set-right',
    'sets the time by the clock again; codes and links that are out expire',
    setRight
  ).option('--yes', 'do not ask')
}

async function setRight(context: CommandContext, _args: string[], { yes }: { yes?: boolean }): Promise<void> {
  if (!yes) {
    const shown = await context.call('time:get', {})
    const question = `Set the time back to ${formatTime(shown.clockMs)}, which ends ${counted(shown.liveCodes, 'code')} and ${counted(shown.liveLinks, 'link')}?`
    if (!(await confirm(context.terminal, question))) throw new AppError('forbidden', 'Nothing was done.')
  }
  const { fromMs, toMs, withdrawnCodes, endedLinks, keptMails } = await context.call('time:setRight', {})
  context.print({ from: isoTime(fromMs), to: isoTime(toMs), withdrawnCodes, endedLinks, keptMails }, [
    `The time was ${formatTime(fromMs)} and is ${formatTime(toMs)} now.`,
    `Ended ${counted(withdrawnCodes, 'code')} and ${counted(endedLinks, 'link')}. ${counted(keptMails, 'email')} with a code still to be sent ${keptMails === 1 ? 'stays' : 'stay'} in the outbox.`
  ])
}

function toJson({ nowMs, clockMs, aheadMs, sinceMs, liveCodes, liveLinks }: ServerTime): Record<string, unknown> {
  return { now: isoTime(nowMs), clock: isoTime(clockMs), aheadMs, since: isoTime(sinceMs), liveCodes, liveLinks }
}

function describe({ nowMs, clockMs, aheadMs, sinceMs }: ServerTime): string[] {
  const times = [`time   ${formatTime(nowMs)}`, `clock  ${formatTime(clockMs)}`]
  if (sinceMs === null) return [...times, 'The time agrees with the clock.']
  const span = aheadMs >= 2 * hourMs ? `${Math.round(aheadMs / hourMs)} h` : `${Math.round(aheadMs / minuteMs)} min`
  return [
    ...times,
    `The time runs ${span} ahead since ${formatTime(sinceMs)}. If the clock is right, “time set-right” sets the time by it.`
  ]
}

const minuteMs = 60_000
const hourMs = 3_600_000

function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`
}
