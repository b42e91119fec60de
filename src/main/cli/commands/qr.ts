import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { exitCodes, UsageError } from '../context.ts'
import type { AddCommand } from '../program.ts'
import { formatTime, isoTime } from '../table.ts'
import { addLifeOptions, readLife, type LifeOptions } from './codes.ts'

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
        const isNew = requireWritable(options.out)
        const issued = await context.call('qr:issue', { username, format, scale, ...life }).catch((error: unknown) => {
          if (isNew) rmSync(options.out, { force: true })
          throw error
        })
        try {
          // The image is the code; a file that was there before may be open to others.
          chmodSync(options.out, 0o600)
          writeFileSync(options.out, issued.image)
        } catch (error) {
          // The code would be live with nobody holding it.
          await context.call('codes:withdraw', { selection: { usernames: [issued.username] } })
          if (isNew) rmSync(options.out, { force: true })
          throw new AppError(
            'file-unwritable',
            `${options.out} cannot be written: ${(error as Error).message}. The code was withdrawn.`
          )
        }
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
      const { codes } = await context.call('diagnostics:readPicture', { image: readPicture(file) })
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

/** Before a code is issued, since it ends the earlier one. Makes a new file (true is returned) readable by its owner alone: the image is the code. */
function requireWritable(file: string): boolean {
  const isNew = !existsSync(file)
  try {
    writeFileSync(file, '', { flag: 'a', mode: 0o600 })
    return isNew
  } catch (error) {
    throw new AppError('file-unwritable', `${file} cannot be written: ${(error as Error).message}. No code was issued.`)
  }
}

function readPicture(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new AppError('file-unreadable', `${file} cannot be read: ${(error as Error).message}.`)
  }
}
