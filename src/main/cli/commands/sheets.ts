import path from 'node:path'
// A geometry from a file is checked before anything else has set the words for what is wrong with it.
import '../../../shared/issue-words.ts'
import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import type { CallInput } from '../../../shared/contract.ts'
import { labelStock, sheetLines, type MadeSheet, type SheetEntry, type SheetLine } from '../../../shared/sheet.ts'
import { codeStates } from '../../../shared/user.ts'
import { confirmMany, reportRest } from '../bulk.ts'
import { addLifeOptions, readLife, type LifeOptions } from '../code-life.ts'
import { UsageError, type CommandContext } from '../context.ts'
import { readInput } from '../input-file.ts'
import { refuseTwoOutputs, writeCodes, writeOutput } from '../output-file.ts'
import type { AddCommand } from '../command.ts'
import { addSelectionOptions, selectUsers, type SelectionOptions } from '../selection.ts'
import { formatTable, formatTime, isoTime } from '../table.ts'

interface OutOptions {
  out: string
}
interface FitOptions {
  offset?: string
  scale?: string
}
type MakeOptions = SelectionOptions &
  LifeOptions &
  OutOptions &
  FitOptions & { stock: string; startAt: string; lines?: string; helpText?: string; yes?: boolean }

export function addSheetCommands(program: Command, add: AddCommand): void {
  const sheets = program.command('sheets').description('printed sheets of QR codes')

  add(sheets, 'stock', 'the label stock that sheets are made for', async (context) => {
    const stock = await context.call('sheets:stock', {})
    context.print(
      stock,
      formatTable(
        ['PART', 'MAKER', 'PAGE', 'LABEL (MM)', 'A PAGE'],
        stock.map(({ part, maker, page, widthMm, heightMm, columns, rows, kind }) => [
          part,
          maker,
          page,
          `${widthMm} × ${heightMm}`,
          kind === 'letter' ? '1' : `${columns} × ${rows}`
        ])
      )
    )
  })

  addFitOptions(
    addLifeOptions(
      addSelectionOptions(
        add<MakeOptions>(
          sheets,
          'make [usernames...]',
          'a new code for each user of SELECTION, printed on a sheet; it ends the earlier one',
          async (context, usernames, options) => {
            const selection = await selectUsers(context, usernames, options)
            const design = {
              stock: readStock(options.stock),
              startAt: readWhole('--start-at', options.startAt),
              ...(options.lines === undefined ? {} : { lines: readLines(options.lines) }),
              ...(options.helpText === undefined ? {} : { helpText: options.helpText }),
              fit: readFit(options)
            }
            const life = readLife(options)
            if (usernames.length === 0 && !options.yes) {
              await confirmMany(context, usernames, options, 'issue new codes for')
            }
            await makeInto(context, options.out, (label) =>
              context.call('sheets:make', { selection, design, ...life }, label)
            )
          }
        )
      )
    )
  )
    .requiredOption(
      '--stock <part>',
      'a part of “sheets stock”, a grid such as A4:3x8, or a .json file with a geometry'
    )
    .requiredOption('--out <file>', 'the PDF to write')
    .option('--start-at <n>', 'the first label of the first page to be used', '1')
    .option('--lines <lines>', `what stands beside the code, comma-separated: ${sheetLines.join(', ')}`)
    .option('--help-text <text>', 'what the line “help” says')
    .option('--yes', 'do not ask')

  add<{ limit: string }>(sheets, 'list', 'sheets made, the newest first', async (context, _args, options) => {
    const limit = readWhole('--limit', options.limit)
    const listed: SheetEntry[] = []
    let beforeId: number | null = null
    do {
      const page: CallInput<'sheets:list'> = {
        limit: Math.min(500, limit - listed.length),
        ...(beforeId === null ? {} : { beforeId })
      }
      const answer: { sheets: SheetEntry[]; next: number | null } = await context.call('sheets:list', page)
      listed.push(...answer.sheets)
      beforeId = answer.next
    } while (beforeId !== null && listed.length < limit)
    context.print(
      listed.map((sheet) => asJson(sheet)),
      formatTable(
        ['SHEET', 'MADE', 'BY', 'STOCK', 'LABELS', 'STATE', 'CODES'],
        listed.map((sheet) => [
          String(sheet.id),
          formatTime(sheet.madeAtMs),
          sheet.madeBy,
          sheet.part,
          String(sheet.labels),
          sheet.state,
          codeStates
            .filter((state) => sheet.codes[state] > 0)
            .map((state) => `${sheet.codes[state]} ${state}`)
            .join(', ')
        ])
      )
    )
  }).option('--limit <n>', 'at most so many', '1000')

  add(sheets, 'withdraw <sheet>', 'ends the live codes of a sheet', async (context, [sheet = '']) => {
    const id = readWhole('SHEET', sheet)
    const { withdrawn } = await context.call('sheets:withdraw', { id }, 'Withdrawing')
    context.print(
      { sheet: id, withdrawn },
      `Withdrew ${withdrawn} ${withdrawn === 1 ? 'code' : 'codes'} of sheet ${id}.`
    )
  })

  addLifeOptions(
    add<LifeOptions & OutOptions & { startAt: string }>(
      sheets,
      'reissue <sheet>',
      'a new sheet for whoever of a sheet has not used the code',
      async (context, [sheet = ''], options) => {
        const id = readWhole('SHEET', sheet)
        const startAt = readWhole('--start-at', options.startAt)
        const life = readLife(options)
        await makeInto(context, options.out, (label) => context.call('sheets:reissue', { id, startAt, ...life }, label))
      }
    )
  )
    .requiredOption('--out <file>', 'the PDF to write')
    .option('--start-at <n>', 'the first label of the first page to be used', '1')

  addFitOptions(
    add<OutOptions & FitOptions & { stock: string }>(
      sheets,
      'test-page',
      'the outlines of a page’s labels, to see how a printer prints them',
      async (context, _args, options) => {
        refuseTwoOutputs(context, options.out, 'PDF')
        const request = { stock: readStock(options.stock), fit: readFit(options) }
        await writeOutput(context, options.out, async () => {
          const { pdf } = await context.call('sheets:testPage', request)
          return { content: pdf }
        })
        if (options.out === '-') return
        context.print({ file: options.out }, `${options.out}: print it at 100 % and compare it with the labels.`)
      }
    )
  )
    .requiredOption('--stock <part>', 'as for “make”')
    .requiredOption('--out <file>', 'the PDF to write')

  add<{ set?: string; default?: boolean }>(sheets, 'letter', 'the text of letters', async (context, _args, options) => {
    if (options.set !== undefined && options.default) throw new UsageError('Give --set or --default, not both.')
    const letter =
      options.set === undefined && !options.default
        ? await context.call('sheets:letter', {})
        : await context.call('sheets:setLetter', {
            text: options.set === undefined ? null : readInput(options.set).toString('utf8')
          })
    context.print(letter, letter.text.trimEnd())
  })
    .option('--set <file>', 'takes the text from a file')
    .option('--default', 'brings the text back that comes with the program')
}

function addFitOptions(command: Command): Command {
  return command
    .option('--offset <x,y>', 'moves everything by so many millimetres to the right and down, such as 1.5,-0.5')
    .option('--scale <percent>', 'draws everything larger or smaller, in per cent')
}

/** The file is there before a code is issued, and the codes are kept only once it holds them. */
async function makeInto(
  context: CommandContext,
  out: string,
  make: (label: string) => Promise<MadeSheet>
): Promise<void> {
  refuseTwoOutputs(context, out, 'PDF')
  const { sheet, skipped, stopped, undrawnNames, namesWithoutMarks } = await writeCodes(
    context,
    out,
    () => make('Making'),
    {
      contentOf: ({ pdf }) => pdf,
      withdraw: (made) => context.call('sheets:withdraw', { id: made.sheet.id }),
      what: (made) => ({ one: false, words: `The codes of sheet ${made.sheet.id}` })
    }
  )
  await context.call('sheets:keep', { id: sheet.id })
  if (out !== '-') {
    context.print(
      { ...asJson({ ...sheet, state: 'made' }), file: out, undrawnNames, namesWithoutMarks },
      `${out}: sheet ${sheet.id}, ${sheet.labels} ${sheet.labels === 1 ? 'label' : 'labels'} on ${sheet.pages} ${sheet.pages === 1 ? 'page' : 'pages'}, valid until ${formatTime(sheet.expiresAtMs)}.`
    )
  }
  remarkNames(context, undrawnNames, 'no font has some of their letters, which show as �')
  remarkNames(context, namesWithoutMarks, 'no font can place their marks, which are left out')
  reportRest(context, skipped, stopped, sheet.labels)
}

function remarkNames(context: CommandContext, usernames: readonly string[], what: string): void {
  if (usernames.length === 0) return
  const rest = usernames.length > 10 ? `, and ${usernames.length - 10} more` : ''
  context.remark(`Check the names of ${usernames.slice(0, 10).join(', ')}${rest}: ${what}.`)
}

function asJson({ id, madeAtMs, madeBy, part, state, labels, pages, expiresAtMs, codes }: SheetEntry) {
  return {
    sheet: id,
    madeAt: isoTime(madeAtMs),
    madeBy,
    stock: part,
    state,
    labels,
    pages,
    expiresAt: isoTime(expiresAtMs),
    codes
  }
}

function readStock(given: string): CallInput<'sheets:testPage'>['stock'] {
  if (path.extname(given).toLowerCase() !== '.json') return given
  const text = readInput(given).toString('utf8')
  let geometry: unknown
  try {
    geometry = JSON.parse(text)
  } catch {
    throw new AppError('stock-invalid', `${given} holds no JSON: a quote, a comma or a bracket may be missing.`)
  }
  const parsed = labelStock.safeParse(geometry)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [what, fault] = [issue?.path.join('.') ?? '', issue?.message ?? 'is not valid']
  throw new AppError('stock-invalid', `${given} is no label stock: ${what === '' ? 'what it holds' : what} ${fault}.`)
}

function readWhole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`${name} must be a whole number from 1 on.`)
  return value
}

function readLines(text: string): SheetLine[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const line = sheetLines.find((known) => known.toLowerCase() === each.toLowerCase())
      if (!line) throw new UsageError(`“${each}” is no line of a label; there are ${sheetLines.join(', ')}.`)
      return line
    })
}

function readFit({ offset, scale }: FitOptions): CallInput<'sheets:testPage'>['fit'] {
  const [x, y, ...rest] = (offset ?? '0,0').split(',').map(Number)
  const scalePercent = Number(scale ?? '100')
  if (x === undefined || y === undefined || rest.length > 0 || !(Math.abs(x) <= 15) || !(Math.abs(y) <= 15)) {
    throw new UsageError('--offset must be two numbers of at most 15 mm, such as 1.5,-0.5.')
  }
  if (!(scalePercent >= 90 && scalePercent <= 110)) throw new UsageError('--scale must be from 90 to 110 per cent.')
  return { offsetXMm: x, offsetYMm: y, scalePercent }
}
