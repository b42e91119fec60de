import type { Command } from 'commander'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { isSettingKey, settingSchemas, type SettingEntry, type SettingKey } from '../../../shared/settings.ts'
import {
  readTransportKey,
  transportFields,
  transportSecretFields,
  type TransportSecretField
} from '../../../shared/transport.ts'
import { UsageError } from '../context.ts'
import { readInput } from '../input-file.ts'
import { readStdin, type Terminal } from '../terminal.ts'
import type { AddCommand } from '../command.ts'

export function addSettingsCommands(program: Command, add: AddCommand): void {
  const settings = program.command('settings').description('what this server is and does')

  add(settings, 'get [key]', 'all settings, or one', async (context, [key]) => {
    const entries = await context.call('settings:list', {})
    if (key === undefined) return context.print(byKey(entries), entries.map(formatEntry))
    const entry = entries.find((one) => one.key === key)
    if (!entry) throw unknownSetting(key)
    context.print(byKey([entry]), formatValue(entry.value))
  })

  add(
    settings,
    'set <changes...>',
    'KEY=VALUE …; KEY= puts the default back, KEY=@FILE takes the value from a file, KEY=@- from stdin, @@ begins a value with @',
    async (context, changes) => {
      const wanted: Record<string, unknown> = {}
      for (const change of changes) {
        const [, key, text] = /^([^=]+)=(.*)$/s.exec(change) ?? []
        if (key === undefined || text === undefined) throw new UsageError(`“${change}” is not of the form KEY=VALUE.`)
        const name = key.trim()
        const schema = schemaOf(name)
        if (schema === 'secret' && text !== '' && (!text.startsWith('@') || text.startsWith('@@'))) {
          throw new UsageError(
            `${name} is a secret: other users of this machine can read a command line. Give it as ${name}=@- (standard input) or ${name}=@FILE.`
          )
        }
        wanted[name] = readValue(schema, await readText(context.terminal, text))
      }
      const entries = (await context.call('settings:set', { changes: wanted })).filter(({ key }) => key in wanted)
      context.print(byKey(entries), entries.map(formatEntry))
    },
    { setsUpServer: true }
  )
}

const yes = new Set(['true', 'yes', 'on', '1'])
const no = new Set(['false', 'no', 'off', '0'])

/** A typed text as a value of the setting's type; one that does not look like it is left for the schema to refuse. */
function readValue(schema: z.ZodType | 'secret', text: string): unknown {
  if (text === '') return null
  if (schema === 'secret') return text
  const word = text.trim().toLowerCase()
  if (schema instanceof z.ZodBoolean) return yes.has(word) ? true : no.has(word) ? false : text
  const takesNumber =
    schema instanceof z.ZodNumber ||
    (schema instanceof z.ZodUnion && schema.options.some((option: unknown) => option instanceof z.ZodNumber))
  return takesNumber && /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : text
}

/** How a setting's value is checked; a secret's is never typed on the command line. Throws `setting-unknown`. */
function schemaOf(key: string): z.ZodType | 'secret' {
  if (isSettingKey(key)) return settingSchemas[key satisfies SettingKey]
  const found = readTransportKey(key)
  if (!found) throw unknownSetting(key)
  const { field } = found
  return isSecret(field) ? 'secret' : transportFields[field]
}

function isSecret(field: string): field is TransportSecretField {
  return transportSecretFields.some((secret) => secret === field)
}

function unknownSetting(key: string): AppError {
  return new AppError('setting-unknown', `There is no setting “${key}”. “provision settings get” lists them all.`)
}

/** What stands for a value on the command line: the value itself, or where it is to be read from. */
async function readText(terminal: Terminal, given: string): Promise<string> {
  if (!given.startsWith('@')) return given
  if (given.startsWith('@@')) return given.slice(1)
  const file = given.slice(1)
  const content = file === '-' ? await readStdin(terminal) : readInput(file)
  return content.toString('utf8').replace(/\r?\n$/, '')
}

function byKey(entries: SettingEntry[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]))
}

function formatEntry({ key, value, isDefault }: SettingEntry): string {
  const found = readTransportKey(key)
  if (found && isSecret(found.field)) return `${key}=${value === true ? '(set, and not shown)' : '(not set)'}`
  return `${key}=${formatValue(value)}${isDefault ? '  (default)' : ''}`
}

function formatValue(value: unknown): string {
  // As it is typed.
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
