import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import {
  gridStock,
  isLetterPart,
  labelStock,
  labelStockTable,
  letterParts,
  maxColumns,
  maxRows,
  pageNames,
  pageSizes,
  stockProblem,
  type LabelStock,
  type PageName,
  type SheetDesign,
  type StockEntry
} from '../../shared/sheet.ts'
import { resourcesFolder } from '../system/program-folder.ts'

/** What a page of a sheet is: labels of some geometry, or one letter. */
export type Stock = { kind: 'labels'; stock: LabelStock } | { kind: 'letter'; part: string; page: PageName }

let table: LabelStock[] | undefined

/** The table in `resources/`; a part that cannot lie on its page is a mistake in the table and is thrown as such. */
export function readStockTable(): LabelStock[] {
  if (table) return table
  const file = path.join(resourcesFolder, 'label-stock.json')
  const { labels } = labelStockTable.parse(JSON.parse(readFileSync(file, 'utf8')))
  for (const stock of labels) {
    const problem = stockProblem(stock)
    if (problem !== null) throw new Error(`${stock.part} in ${file}: ${problem}`)
  }
  table = labels
  return table
}

/** Every part there is, letters last. */
export function listStock(): StockEntry[] {
  const letters = Object.entries(letterParts).map(([part, page]): StockEntry => {
    const { widthMm, heightMm } = pageSizes[page]
    const whole = { leftMm: 0, topMm: 0, pitchXMm: widthMm, pitchYMm: heightMm, columns: 1, rows: 1, cutMarks: false }
    return { part, maker: '', page, widthMm, heightMm, ...whole, kind: 'letter', labelsAPage: 1 }
  })
  const labels = readStockTable().map((stock): StockEntry => ({
    ...stock,
    kind: 'labels',
    labelsAPage: labelsOn(stock)
  }))
  return [...labels, ...letters]
}

const labelsOn = ({ columns, rows }: LabelStock): number => columns * rows

export function labelsAPage(stock: Stock): number {
  return stock.kind === 'letter' ? 1 : labelsOn(stock.stock)
}

export const paperOf = (stock: Stock): PageName => (stock.kind === 'letter' ? stock.page : stock.stock.page)

export const partOf = (stock: Stock): string => (stock.kind === 'letter' ? stock.part : stock.stock.part)

const gridName = /^(?:(?<page>[a-z]+\d?):)?(?<columns>\d{1,2})x(?<rows>\d{1,2})$/i

/** What a design names: a part without regard to case, a grid such as `A4:3x8`, or a geometry, which is checked. */
export function findStock(wanted: SheetDesign['stock']): Stock {
  if (typeof wanted !== 'string') return { kind: 'labels', stock: checkStock(wanted) }
  const name = wanted.trim().toLowerCase()
  const letter = Object.keys(letterParts).find((part) => part.toLowerCase() === name)
  if (letter !== undefined && isLetterPart(letter)) return { kind: 'letter', part: letter, page: letterParts[letter] }
  const known = readStockTable().find(({ part }) => part.toLowerCase() === name)
  if (known) return { kind: 'labels', stock: known }
  const { page: pageText, columns, rows } = gridName.exec(name)?.groups ?? {}
  const page = pageText === undefined ? 'A4' : pageNames.find((each) => each.toLowerCase() === pageText)
  if (columns !== undefined && rows !== undefined && page !== undefined && Number(columns) > 0 && Number(rows) > 0) {
    if (Number(columns) > maxColumns || Number(rows) > maxRows) {
      throw new AppError(
        'invalid-input',
        `A grid of ${Number(columns)} × ${Number(rows)} labels is too fine: a page has at most ${maxColumns} columns and ${maxRows} rows.`
      )
    }
    return { kind: 'labels', stock: checkStock(gridStock(page, Number(columns), Number(rows))) }
  }
  const parts = [...readStockTable().map(({ part }) => part), ...Object.keys(letterParts)]
  throw new AppError(
    'stock-unknown',
    `There is no label stock “${wanted}”; choose one of ${parts.join(', ')}, or a grid such as A4:3x8.`
  )
}

function checkStock(given: LabelStock): LabelStock {
  const parsed = labelStock.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const member = issue?.path.join('.') ?? ''
    throw new AppError('invalid-input', `The label stock is not valid: ${member}: ${issue?.message}.`)
  }
  const stock = parsed.data
  const problem = stockProblem(stock)
  if (problem !== null) throw new AppError('stock-invalid', problem)
  return stock
}
