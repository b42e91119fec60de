import type { Command } from 'commander'
import type { CommandContext } from './context.ts'

/** What a command does with its arguments (as commander parsed them) and options. */
export type Action<Options> = (context: CommandContext, args: string[], options: Options) => Promise<void>

/**
 * Adds a command that takes the global options, in any place, and runs with a context. Only one that sets up a server works in a
 * folder without one: for all others a wrong folder would look like an empty server.
 */
export type AddCommand = <Options extends object>(
  parent: Command,
  usage: string,
  description: string,
  action: Action<Options>,
  rights?: { setsUpServer: true }
) => Command
