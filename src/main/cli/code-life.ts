import type { Command } from 'commander'
import type { CodeLife } from '../../shared/code.ts'
import { parseDuration } from '../../shared/duration.ts'
import { UsageError } from './context.ts'

export interface LifeOptions {
  valid?: string
  until?: string
}

export function addLifeOptions(command: Command): Command {
  return command
    .option('--valid <duration>', 'how long codes live, such as 24h or 7d (default: the policy’s)')
    .option('--until <time>', 'until when codes live, such as 2026-05-04T17:00')
}

export function readLife({ valid, until }: LifeOptions): CodeLife {
  if (valid !== undefined && until !== undefined) throw new UsageError('Give --valid or --until, not both.')
  if (valid !== undefined) {
    const validForMs = parseDuration(valid)
    if (validForMs === null || validForMs === 0)
      throw new UsageError(`“${valid}” is no duration; write one such as 90m, 24h or 7d.`)
    return { validForMs }
  }
  if (until !== undefined) {
    const untilMs = Date.parse(until)
    if (Number.isNaN(untilMs)) throw new UsageError(`“${until}” is no time; write one such as 2026-05-04T17:00.`)
    return { untilMs }
  }
  return {}
}
