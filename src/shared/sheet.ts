import { z } from 'zod'
import { bulkOutcome, codeLife } from './code.ts'
import { codeStates, userSelection } from './user.ts'

/** Pages that label stock comes on, in millimetres. */
export const pageSizes = {
  A4: { widthMm: 210, heightMm: 297 },
  Letter: { widthMm: 215.9, heightMm: 279.4 }
} as const
export type PageName = keyof typeof pageSizes
export const pageNames = ['A4', 'Letter'] as const satisfies readonly PageName[]
export const pageName = z.enum(pageNames)

/** No label on so fine a grid could hold a code. */
export const maxColumns = 20
export const maxRows = 50

const millimetres = z.number().min(0).max(500)

/** A page of labels: where the first one lies, how large each is, and how far from one's edge to the same edge of the next. */
export const labelStock = z.object({
  part: z.string().trim().min(1).max(60),
  maker: z.string().max(60).default(''),
  page: pageName,
  widthMm: millimetres,
  heightMm: millimetres,
  columns: z.number().int().min(1).max(maxColumns),
  rows: z.number().int().min(1).max(maxRows),
  leftMm: millimetres,
  topMm: millimetres,
  pitchXMm: millimetres,
  pitchYMm: millimetres,
  /** For plain paper: marks at the corners by which to cut. */
  cutMarks: z.boolean().default(false)
})
export type LabelStock = z.infer<typeof labelStock>

/** The table that comes with the program. */
export const labelStockTable = z.object({ source: z.string(), labels: z.array(labelStock) })

/** Smaller than this no code that a phone can read fits beside anything. */
const leastLabelMm = 12
/** The tables are rounded to hundredths, so sums of them may be off by as much. */
const roundingMm = 0.011

const mm = (value: number): string => String(Math.round(value * 100) / 100)

/** Why labels of this geometry cannot lie on their page, with the sum that does not add up; null when they can. */
export function stockProblem(stock: LabelStock): string | null {
  const page = pageSizes[stock.page]
  if (stock.widthMm < leastLabelMm || stock.heightMm < leastLabelMm) {
    return `A label of ${mm(stock.widthMm)} × ${mm(stock.heightMm)} mm is too small: each side needs ${leastLabelMm} mm or more.`
  }
  const axes = [
    {
      count: stock.columns,
      many: 'columns',
      one: 'column',
      start: stock.leftMm,
      pitch: stock.pitchXMm,
      size: stock.widthMm,
      room: page.widthMm,
      wide: 'wide'
    },
    {
      count: stock.rows,
      many: 'rows',
      one: 'row',
      start: stock.topMm,
      pitch: stock.pitchYMm,
      size: stock.heightMm,
      room: page.heightMm,
      wide: 'high'
    }
  ]
  for (const { count, many, one, start, pitch, size, room, wide } of axes) {
    if (count > 1 && pitch < size - roundingMm) {
      return `Labels ${mm(size)} mm ${wide} cannot repeat every ${mm(pitch)} mm: they would overlap by ${mm(size - pitch)} mm.`
    }
    const end = start + (count - 1) * pitch + size
    if (end > room + roundingMm) {
      const sum =
        count === 1 ? `${mm(start)} + ${mm(size)}` : `${mm(start)} + ${count - 1} × ${mm(pitch)} + ${mm(size)}`
      return `${count} ${count === 1 ? one : many} need ${sum} = ${mm(end)} mm, and ${stock.page} is ${mm(room)} mm ${wide}.`
    }
  }
  return null
}

/** Plain paper cut into equal cells, with room at the edges that printers cannot reach. */
export function gridStock(page: PageName, columns: number, rows: number, marginMm = 8): LabelStock {
  const { widthMm, heightMm } = pageSizes[page]
  const cellMm = (room: number, count: number) => Math.floor(((room - 2 * marginMm) / count) * 100) / 100
  const width = cellMm(widthMm, columns)
  const height = cellMm(heightMm, rows)
  return {
    part: `${page}:${columns}x${rows}`,
    maker: '',
    page,
    widthMm: width,
    heightMm: height,
    columns,
    rows,
    leftMm: marginMm,
    topMm: marginMm,
    pitchXMm: width,
    pitchYMm: height,
    cutMarks: true
  }
}

/** Letters, one a user: A4 for the window of DIN lang, C6/5 and C5 envelopes, Letter for that of a No. 10. */
export const letterParts = { 'letter-A4': 'A4', 'letter-Letter': 'Letter' } as const satisfies Record<string, PageName>
export type LetterPart = keyof typeof letterParts

export function isLetterPart(part: string): part is LetterPart {
  return Object.hasOwn(letterParts, part)
}

/** What may stand beside the QR code, from top to bottom. */
export const sheetLines = ['name', 'username', 'code', 'expires', 'siteId', 'help'] as const
export type SheetLine = (typeof sheetLines)[number]
export const usualSheetLines: readonly SheetLine[] = ['name', 'username', 'code', 'expires', 'help']

export const usualHelpText = 'In the app: Information “i” icon › About › Scan QR Code'

/** How far off a printer prints, as the test page shows it. */
export const printerFit = z.object({
  offsetXMm: z.number().min(-15).max(15).default(0),
  offsetYMm: z.number().min(-15).max(15).default(0),
  scalePercent: z.number().min(90).max(110).default(100)
})
export type PrinterFit = z.infer<typeof printerFit>

/** Most labels of one sheet: its codes lie in memory until it is made. */
export const mostLabels = 20_000

export const sheetDesign = z.object({
  /** A part of the table, `letter-A4`, `letter-Letter`, a grid such as `A4:3x8`, or a geometry of one's own. */
  stock: z.union([z.string().max(60), labelStock]),
  /** The first label of the first page to be used, counted along the rows from 1. */
  startAt: z.number().int().min(1).max(1000).default(1),
  lines: z
    .array(z.enum(sheetLines))
    .max(sheetLines.length)
    .default([...usualSheetLines]),
  helpText: z.string().max(200).default(usualHelpText),
  fit: printerFit.default({ offsetXMm: 0, offsetYMm: 0, scalePercent: 100 })
})
export type SheetDesign = z.infer<typeof sheetDesign>

export const stockEntry = labelStock.extend({ kind: z.enum(['labels', 'letter']), labelsAPage: z.number().int() })
export type StockEntry = z.infer<typeof stockEntry>

/** Users whose names do not stand on paper as they are, by username; at most 200 each. */
const nameFindings = z.object({
  /** With letters that no font of the program holds, which show as �. */
  undrawnNames: z.array(z.string()),
  /** With marks that no font can place, which are left out. */
  namesWithoutMarks: z.array(z.string())
})
export type NameFindings = z.infer<typeof nameFindings>

/** What printing a selection would come to, before any code is issued. */
export const sheetPlan = z.object({
  labels: z.number().int(),
  pages: z.number().int(),
  labelsAPage: z.number().int(),
  /** Live codes that the new ones end. */
  endedCodes: z.number().int(),
  provisioned: z.number().int(),
  leftOut: z.array(z.object({ reason: z.string(), users: z.number().int(), usernames: z.array(z.string()) })),
  /** Of the longest text: millimetres a module, and whether that can be printed. Null when there is nobody to print for. */
  leastModule: z
    .object({ username: z.string(), moduleMm: z.number(), verdict: z.enum(['good', 'small', 'refused']) })
    .nullable(),
  /** Parts on which every code would be printed well; filled where this stock is too small for that. */
  suitableParts: z.array(z.string()),
  /** Lines for which the label has no room. */
  linesWithoutRoom: z.array(z.enum(sheetLines)),
  ...nameFindings.shape,
  /** Whether offset and scale push part of a label over the edge of the page. */
  isOffPage: z.boolean(),
  expiresAtMs: z.number()
})
export type SheetPlan = z.infer<typeof sheetPlan>

/** `offered`: made, and neither printed nor saved yet; when the program ends like that, the codes are withdrawn. */
export const sheetStates = ['making', 'offered', 'made', 'failed', 'withdrawn'] as const
export type SheetState = (typeof sheetStates)[number]

/** How many of a sheet's codes are in each state now. */
export const sheetCodes = z.object(
  Object.fromEntries(codeStates.map((state) => [state, z.number().int()])) as Record<
    (typeof codeStates)[number],
    z.ZodNumber
  >
)

export const sheetEntry = z.object({
  id: z.number().int(),
  madeAtMs: z.number(),
  madeBy: z.string(),
  part: z.string(),
  state: z.enum(sheetStates),
  labels: z.number().int(),
  pages: z.number().int(),
  expiresAtMs: z.number(),
  codes: sheetCodes
})
export type SheetEntry = z.infer<typeof sheetEntry>

export const sheetLabel = z.object({
  position: z.number().int(),
  page: z.number().int(),
  username: z.string(),
  name: z.string(),
  isRemoved: z.boolean(),
  code: z.enum(codeStates),
  endedAtMs: z.number().nullable(),
  expiresAtMs: z.number()
})
export type SheetLabel = z.infer<typeof sheetLabel>

export const sheetRequest = codeLife.extend({ selection: userSelection, design: sheetDesign })
export const sheetId = z.number().int().min(1)

const pdf = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')
/** A sheet that was made, with the file that holds its codes: they exist nowhere else. */
export const madeSheet = bulkOutcome.extend({ sheet: sheetEntry, pdf, paper: pageName, ...nameFindings.shape })
export type MadeSheet = z.infer<typeof madeSheet>

/** The text of letters, and whether it is the one that comes with the program. */
export const sheetLetter = z.object({ text: z.string(), isShipped: z.boolean() })
