import path from 'node:path'
import type { Command } from 'commander'
import { addLifeOptions, readLife, type LifeOptions } from '../code-life.ts'
import { exitCodes, UsageError } from '../context.ts'
import { readInput } from '../input-file.ts'
import { writeCodes } from '../output-file.ts'
import type { AddCommand } from '../command.ts'
import { formatTime, isoTime } from '../table.ts'

type QrOptions = LifeOptions & { out: string; scale: string }

export function addQrCommands(program: Command, add: AddCommand): void {
  addLifeOptions(
    add<QrOptions>(
      program,
      'qr <username>',
      'issues a code and writes its QR image',
      async (context, [username = ''], options) => {
        const format = formatOf(options.out)
        const scale = Number(options.scale)
        if (!Number.isSafeInteger(scale) || scale < 1 || scale > 20)
          throw new UsageError('--scale must be from 1 to 20.')
        const life = readLife(options)
        const issued = await writeCodes(
          context,
          options.out,
          () => context.call('qr:issue', { username, format, scale, ...life }),
          {
            contentOf: ({ image }) => image,
            withdraw: (made) => context.call('codes:withdraw', { selection: { usernames: [made.username] } }),
            what: () => ({ one: true, words: 'The code' })
          }
        )
        context.print(
          { username: issued.username, file: options.out, expiresAt: isoTime(issued.expiresAtMs) },
          `${options.out}: a code for ${issued.username}, valid until ${formatTime(issued.expiresAtMs)}.`
        )
      }
    )
  )
    .requiredOption('--out <file>', 'where to, ending in .png or .svg')
    .option('--scale <pixels>', 'pixels a module of a PNG', '8')

  add(
    program,
    'decode <image>',
    'what a QR image says, and whether it is ours and still live',
    async (context, [file = '']) => {
      const { codes } = await context.call('diagnostics:readPicture', { image: readInput(file) })
      const isWell = codes.every(({ code, warning }) => code === 'live' && warning === null)
      context.exitCode = isWell ? exitCodes.done : exitCodes.failed
      context.print(
        codes.map(({ text, siteId, username, isOurs, code, expiresAtMs, finding, origin, warning, scan }) => ({
          text,
          siteId,
          username,
          ours: isOurs,
          state: code,
          expiresAt: isoTime(expiresAtMs),
          finding,
          origin,
          warning,
          scan
        })),
        codes
          .flatMap(({ text, code, expiresAtMs, finding, warning, scan }) => [
            code === 'live' ? `${finding} It ends ${formatTime(expiresAtMs)}.` : finding,
            `  ${text}`,
            ...(warning === null ? [] : [`  ! ${warning}`]),
            ...scan.advice.map((advice) => `  ${advice}`)
          ])
          // Anybody can make a QR code that holds a terminal's control sequences.
          .map((line) => line.replace(/\p{Cc}/gu, '\ufffd'))
      )
    }
  )
}

function formatOf(file: string): 'png' | 'svg' {
  const ending = path.extname(file).toLowerCase()
  if (ending === '.png') return 'png'
  if (ending === '.svg') return 'svg'
  throw new UsageError(`--out must end in .png or .svg, and ${file} does not.`)
}
