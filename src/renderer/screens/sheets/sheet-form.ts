import { gridStock, labelStock, printerFit, sheetLines, usualHelpText, usualSheetLines } from '../../../shared/sheet.ts'
import type { LabelStock, PageName, PrinterFit, SheetDesign, SheetLine, StockEntry } from '../../../shared/sheet.ts'
import type { UserFilter, UserSelection } from '../../../shared/user.ts'
import { readPreference, writePreference } from '../../desk.ts'

/** What the stock field says besides the parts of the table. */
export const gridChoice = 'grid'
export const ownChoice = 'own'

export interface SheetForm {
  /** `selected`, `everybody`, or `group:NAME`. */
  who: string
  only: 'any' | 'noApp' | 'noLiveCode'
  stock: string
  grid: { page: PageName; columns: number; rows: number }
  own: LabelStock
  startAt: number
  lines: SheetLine[]
  helpText: string
  printer: string
}

const usualOwn: LabelStock = { ...gridStock('A4', 3, 8, 5), part: 'own', cutMarks: false }

/** What this desk printed last; who it was for is asked anew. */
export function rememberedForm(isSelected: boolean): SheetForm {
  const stored = parse(readPreference('sheets.form'))
  const lines = Array.isArray(stored.lines)
    ? sheetLines.filter((line) => (stored.lines as unknown[]).includes(line))
    : [...usualSheetLines]
  return {
    who: isSelected ? 'selected' : 'everybody',
    only: 'any',
    stock: typeof stored.stock === 'string' ? stored.stock : 'L7160',
    grid: readGrid(stored.grid),
    own: labelStock.safeParse(stored.own).data ?? usualOwn,
    startAt: 1,
    lines,
    helpText: typeof stored.helpText === 'string' ? stored.helpText : usualHelpText,
    printer: readPreference('sheets.printer') ?? ''
  }
}

function readGrid(stored: unknown): SheetForm['grid'] {
  const { page, columns, rows } = parse(JSON.stringify(stored ?? {}))
  return {
    page: page === 'Letter' ? 'Letter' : 'A4',
    columns: typeof columns === 'number' ? columns : 3,
    rows: typeof rows === 'number' ? rows : 7
  }
}

export function rememberForm({ stock, grid, own, lines, helpText, printer }: SheetForm): void {
  writePreference('sheets.form', JSON.stringify({ stock, grid, own, lines, helpText }))
  writePreference('sheets.printer', printer)
}

/** Offset and scale of every printer that was ever set up at this desk, by its name. */
export function readPrinters(): Record<string, PrinterFit> {
  const entries = Object.entries(parse(readPreference('sheets.printers')))
  return Object.fromEntries(
    entries.flatMap(([name, fit]) => {
      const parsed = printerFit.safeParse(fit)
      return parsed.success ? [[name, parsed.data]] : []
    })
  )
}

export const exactFit: PrinterFit = { offsetXMm: 0, offsetYMm: 0, scalePercent: 100 }

export function writePrinter(name: string, fit: PrinterFit): void {
  writePreference('sheets.printers', JSON.stringify({ ...readPrinters(), [name]: fit }))
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** The geometry to draw and print; null for letters, and for a part that the table does not have. */
export function geometryOf(form: SheetForm, stock: readonly StockEntry[]): LabelStock | null {
  if (form.stock === gridChoice) return gridStock(form.grid.page, form.grid.columns, form.grid.rows)
  if (form.stock === ownChoice) return form.own
  const entry = stock.find(({ part }) => part === form.stock)
  return entry?.kind === 'labels' ? entry : null
}

export function designOf(form: SheetForm, fit: PrinterFit): SheetDesign {
  const { page, columns, rows } = form.grid
  const stock =
    form.stock === gridChoice ? `${page}:${columns}x${rows}` : form.stock === ownChoice ? form.own : form.stock
  return { stock, startAt: form.startAt, lines: form.lines, helpText: form.helpText, fit }
}

export function selectionOfForm({ who, only }: SheetForm, selected: UserSelection | null): UserSelection {
  if (who === 'selected' && selected) return selected
  const group: UserFilter = who.startsWith('group:') ? { group: who.slice('group:'.length) } : {}
  if (only === 'noApp') return { filter: { ...group, app: ['none'] } }
  if (only === 'noLiveCode') {
    return {
      filter: { ...group, app: ['none'], code: ['none', 'used', 'failed', 'expired', 'superseded', 'withdrawn'] }
    }
  }
  return { filter: group }
}
