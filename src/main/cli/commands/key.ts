import path from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { KeySlot } from '../../../shared/key.ts'
import { UsageError, type CommandContext } from '../context.ts'
import type { AddCommand } from '../command.ts'
import { formatTable, formatTime, isoTime } from '../table.ts'
import { ask, canAsk, readStdin } from '../terminal.ts'

export function addKeyCommands(program: Command, add: AddCommand): void {
  const key = program.command('key').description('what opens the data key')

  add(key, 'list', 'the slots, any of which opens it', async (context) => {
    const slots = await context.call('key:list', {})
    context.print(slots.map(toJson), formatSlots(slots))
  })

  add(
    key,
    'add <kind> [path]',
    'a further slot: keychain, passphrase (asked for, or a line on stdin), file PATH',
    async (context, [kind, file]) => {
      const slot = await context.call('key:add', await readSlot(context, kind, file))
      context.print(toJson(slot), `Added slot ${slot.id} (${slot.kind}).`)
    },
    { setsUpServer: true }
  )

  add(key, 'remove <slot>', 'removes a slot; the last one stays', async (context, [slot = '']) => {
    const id = Number(slot)
    if (!Number.isSafeInteger(id)) throw new UsageError(`“${slot}” is not the number of a slot.`)
    await context.call('key:remove', { id })
    context.print({ removed: id }, `Removed slot ${id}.`)
  })
}

async function readSlot(context: CommandContext, kind: string | undefined, file: string | undefined) {
  if (kind === 'file') {
    if (file === undefined) throw new UsageError('Say where the key file is to lie: provision key add file PATH.')
    return { kind, path: path.resolve(file) } as const
  }
  if (file !== undefined) throw new UsageError(`A ${kind} slot takes no path.`)
  if (kind === 'keychain') return { kind } as const
  if (kind === 'passphrase') return { kind, passphrase: await readNewPassphrase(context) } as const
  throw new UsageError(`“${kind}” is no kind of slot: keychain, passphrase or file.`)
}

async function readNewPassphrase({ terminal, console }: CommandContext): Promise<string> {
  // Opened first: it may itself need to ask for a passphrase.
  await console()
  if (!canAsk(terminal)) {
    const [line = ''] = (await readStdin(terminal)).toString('utf8').split(/\r?\n/)
    if (line === '') throw new AppError('invalid-input', 'Give the new passphrase as the first line of standard input.')
    return line
  }
  const first = await ask(terminal, 'New passphrase: ', true)
  const second = await ask(terminal, 'Once more: ', true)
  if (first === null || first !== second)
    throw new AppError('invalid-input', 'The two passphrases differ. Nothing was changed.')
  return first
}

function toJson({ id, kind, path: file, createdAtMs, inUse }: KeySlot): Record<string, unknown> {
  return { slot: id, kind, path: file, createdAt: isoTime(createdAtMs), inUse }
}

function formatSlots(slots: KeySlot[]): string[] {
  return formatTable(
    ['SLOT', 'KIND', 'ADDED', 'PATH', ''],
    slots.map((slot) => [
      String(slot.id),
      slot.kind,
      formatTime(slot.createdAtMs),
      slot.path ?? '',
      slot.inUse ? 'in use' : ''
    ])
  )
}
