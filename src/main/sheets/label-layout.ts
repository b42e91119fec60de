import { refusedModuleMm, advisedModuleMm } from '../../shared/qr.ts'
import { pageSizes, type LabelStock, type PrinterFit, type SheetLine } from '../../shared/sheet.ts'

/** A rectangle in millimetres from the top left of whatever it lies on. */
export interface Box {
  xMm: number
  yMm: number
  widthMm: number
  heightMm: number
}

/** Millimetres to PDF's points, of which 72 make an inch of 25.4 mm. */
export const pointsAMm = 72 / 25.4

/** Labels are punched, and paper is fed, about as exactly as this: nothing is drawn nearer to a label's edge. */
const leastInsetMm = 1.3
/** What desk printers leave white at the edges of a page. */
const unprintableMm = 4.3
/** Wider codes are no easier to read, and leave less room for words. */
const widestQrMm = 45
/** Of a label's width; the rest is for the words beside it. */
const mostQrShare = 0.5
const gapMm = 1
export const millimetresAPoint = 25.4 / 72

/** How every label of a stock is divided, within the label. */
export interface LabelLayout {
  /** With its quiet zone. */
  qr: Box
  text: Box
  isTextCentred: boolean
}

/** The labels of a page, in the order in which they are filled: along the rows. */
export function labelBoxes(stock: LabelStock): Box[] {
  return Array.from({ length: stock.columns * stock.rows }, (_, index) => ({
    xMm: stock.leftMm + (index % stock.columns) * stock.pitchXMm,
    yMm: stock.topMm + Math.floor(index / stock.columns) * stock.pitchYMm,
    widthMm: stock.widthMm,
    heightMm: stock.heightMm
  }))
}

/** The same for every label of a page, so the label nearest to an edge that the printer cannot reach decides. */
export function layoutLabel(stock: LabelStock): LabelLayout {
  const page = pageSizes[stock.page]
  const rightMm = page.widthMm - stock.leftMm - (stock.columns - 1) * stock.pitchXMm - stock.widthMm
  const bottomMm = page.heightMm - stock.topMm - (stock.rows - 1) * stock.pitchYMm - stock.heightMm
  const inset = (edgeMm: number) => Math.max(leastInsetMm, unprintableMm - edgeMm)
  const left = inset(stock.leftMm)
  const top = inset(stock.topMm)
  const widthMm = stock.widthMm - left - inset(rightMm)
  const heightMm = stock.heightMm - top - inset(bottomMm)
  const beside = Math.min(heightMm, widestQrMm, widthMm * mostQrShare)
  const under = Math.min(widthMm, widestQrMm, heightMm * 0.62)
  // The larger code is the better one; words beside it are the more usual sight.
  if (beside >= under * 0.9) {
    const qr = { xMm: left, yMm: top + (heightMm - beside) / 2, widthMm: beside, heightMm: beside }
    const x = left + beside + gapMm
    return { qr, text: { xMm: x, yMm: top, widthMm: left + widthMm - x, heightMm }, isTextCentred: false }
  }
  const qr = { xMm: left + (widthMm - under) / 2, yMm: top, widthMm: under, heightMm: under }
  const y = top + under
  return { qr, text: { xMm: left, yMm: y, widthMm, heightMm: top + heightMm - y }, isTextCentred: true }
}

export interface LineStyle {
  sizePt: number
  /** It is made smaller down to this before it is cut. */
  leastPt: number
  leadingPt: number
  mostRows: number
}

const usualStyles: Record<SheetLine, LineStyle> = {
  name: { sizePt: 10.5, leastPt: 6.5, leadingPt: 13, mostRows: 1 },
  username: { sizePt: 8.5, leastPt: 5.5, leadingPt: 11, mostRows: 1 },
  code: { sizePt: 10, leastPt: 6.5, leadingPt: 13.5, mostRows: 1 },
  expires: { sizePt: 7, leastPt: 5.5, leadingPt: 9, mostRows: 2 },
  siteId: { sizePt: 7, leastPt: 5.5, leadingPt: 9, mostRows: 1 },
  help: { sizePt: 6.5, leastPt: 5.5, leadingPt: 8, mostRows: 3 }
}

/** What goes first when a label has no room for all; the name is what tells whose label it is. */
const expendable: readonly SheetLine[] = ['help', 'siteId', 'expires', 'code', 'username']
/** Smaller than this and nobody reads it. */
const leastShrink = 0.72
const largestGrowth = 1.5

export interface PlacedLine {
  line: SheetLine
  style: LineStyle
}

/** The lines that fit into a height, made smaller or larger together; those that do not are named. */
export function placeLines(lines: readonly SheetLine[], heightMm: number): { placed: PlacedLine[]; left: SheetLine[] } {
  const roomPt = heightMm / millimetresAPoint
  const heightOf = (line: SheetLine) => usualStyles[line].leadingPt * usualStyles[line].mostRows
  const kept = [...lines]
  const left: SheetLine[] = []
  const sum = () => kept.reduce((total, line) => total + heightOf(line), 0)
  while (kept.length > 1 && sum() * leastShrink > roomPt) {
    const line = expendable.find((each) => kept.includes(each))
    if (line === undefined) break
    kept.splice(kept.indexOf(line), 1)
    left.push(line)
  }
  const factor = Math.min(largestGrowth, roomPt / Math.max(1, sum()))
  const placed = kept.map((line) => {
    const { sizePt, leastPt, leadingPt, mostRows } = usualStyles[line]
    const size = sizePt * factor
    return { line, style: { sizePt: size, leastPt: Math.min(leastPt, size), leadingPt: leadingPt * factor, mostRows } }
  })
  return { placed, left }
}

/** Where the sheet's number goes: the first margin with room for it, else within the last label. */
export function footerPlace(stock: LabelStock): { xMm: number; baselineMm: number; widthMm: number } | 'last-label' {
  const page = pageSizes[stock.page]
  const bottomMm = page.heightMm - stock.topMm - (stock.rows - 1) * stock.pitchYMm - stock.heightMm
  const xMm = Math.max(stock.leftMm, unprintableMm) + 1
  const widthMm = page.widthMm - 2 * xMm
  const roomMm = unprintableMm + 1.6
  if (bottomMm >= roomMm)
    return { xMm, baselineMm: page.heightMm - Math.max(unprintableMm + 0.4, bottomMm / 2), widthMm }
  if (stock.topMm >= roomMm) return { xMm, baselineMm: Math.max(unprintableMm + 1.4, stock.topMm / 2), widthMm }
  return 'last-label'
}

/** Where a box of the page comes to lie on paper once a printer's fault is made up for. */
export function fitBox(box: Box, fit: PrinterFit): Box {
  const scale = fit.scalePercent / 100
  return {
    xMm: box.xMm * scale + fit.offsetXMm,
    yMm: box.yMm * scale + fit.offsetYMm,
    widthMm: box.widthMm * scale,
    heightMm: box.heightMm * scale
  }
}

/** Modules a side, with the quiet zone, of the largest code that a stock prints well, and at all. */
export function mostModules(stock: LabelStock): { good: number; printable: number } {
  const { widthMm } = layoutLabel(stock).qr
  return { good: Math.floor(widthMm / advisedModuleMm + 1e-6), printable: Math.floor(widthMm / refusedModuleMm + 1e-6) }
}
