import { quietZoneModules } from '../../shared/qr.ts'
import type { LabelStock, SheetLine } from '../../shared/sheet.ts'
import type { QrMatrix } from '../qr/matrix.ts'
import type { Face } from './fonts.ts'
import { layoutLabel, millimetresAPoint, placeLines, pointsAMm, type Box, type PlacedLine } from './label-layout.ts'
import { shortMoment } from '../system/moments.ts'
import type { PageCanvas } from './page-canvas.ts'
import { fitText, wrapText } from './shaping.ts'

/** One user on a sheet, with the code in the clear: it is in memory only as long as the sheet is being made. */
export interface Subject {
  username: string
  name: string
  group: string
  code: string
  /** What the QR code holds. */
  url: string
  expiresAtMs: number
}

/** What stands on every label alike. */
export interface LabelWords {
  siteId: number
  helpText: string
}

/** Groups of five are read and typed with fewer slips; white space in a typed code does not count. */
export const groupCode = (code: string): string => code.replace(/(.{5})(?=.)/gu, '$1 ')

const faceOf: Record<SheetLine, Face> = {
  name: 'bold',
  username: 'regular',
  code: 'mono',
  expires: 'regular',
  siteId: 'regular',
  help: 'regular'
}

function wordsOf(line: SheetLine, subject: Subject, words: LabelWords): string {
  if (line === 'name') return subject.name || subject.username
  if (line === 'username') return subject.username
  if (line === 'code') return groupCode(subject.code)
  if (line === 'expires') return `Valid until ${shortMoment(subject.expiresAtMs)}`
  if (line === 'siteId') return `Site ID ${words.siteId}`
  return words.helpText
}

/** Draws labels of one stock; what is the same for all of them is found once. */
export function createLabelDrawing(
  canvas: PageCanvas,
  stock: LabelStock,
  lines: readonly SheetLine[],
  words: LabelWords
) {
  const layout = layoutLabel(stock)
  const wanted = lines.filter((line) => line !== 'help' || words.helpText.trim() !== '')
  const { placed } = placeLines(wanted, layout.text.heightMm)
  return {
    /** Returns where the code lies on the page, with its quiet zone. */
    draw(label: Box, subject: Subject, matrix: QrMatrix): Box {
      const qr = { ...layout.qr, xMm: label.xMm + layout.qr.xMm, yMm: label.yMm + layout.qr.yMm }
      drawQrWithin(canvas, matrix, qr)
      const text = { ...layout.text, xMm: label.xMm + layout.text.xMm, yMm: label.yMm + layout.text.yMm }
      drawRows(canvas, text, layout.isTextCentred, rowsOf(placed, subject, words, text.widthMm))
      return qr
    }
  }
}

/** A code of its own size in the middle of its place, so that the quiet zone is as wide on every side. */
export function drawQrWithin(canvas: PageCanvas, matrix: QrMatrix, { xMm, yMm, widthMm }: Box): void {
  const moduleMm = widthMm / (matrix.size + 2 * quietZoneModules)
  const quietMm = moduleMm * quietZoneModules
  const sideMm = moduleMm * matrix.size
  canvas.drawQr(matrix, { xMm: xMm + quietMm, yMm: yMm + quietMm, widthMm: sideMm, heightMm: sideMm })
}

interface Row {
  shaped: ReturnType<typeof fitText>['shaped']
  sizePt: number
  leadingPt: number
  grey: number
}

function rowsOf(placed: PlacedLine[], subject: Subject, words: LabelWords, widthMm: number): Row[] {
  const widthPt = widthMm * pointsAMm
  return placed.flatMap(({ line, style }) => {
    const text = wordsOf(line, subject, words)
    const face = faceOf[line]
    const rows = style.mostRows === 1 ? [text] : wrapText(text, face, style.sizePt, widthPt, style.mostRows)
    const fitted = rows.map((row) => fitText(row, face, { sizePt: style.sizePt, leastPt: style.leastPt, widthPt }))
    const sizePt = Math.min(...fitted.map((row) => row.sizePt))
    const grey = line === 'help' || line === 'siteId' ? 0.25 : 0
    return fitted.map(({ shaped }) => ({ shaped, sizePt, leadingPt: style.leadingPt, grey }))
  })
}

/** From the top of the box down, the whole in its middle. */
function drawRows(canvas: PageCanvas, box: Box, isCentred: boolean, rows: Row[]): void {
  const heightMm = rows.reduce((sum, { leadingPt }) => sum + leadingPt, 0) * millimetresAPoint
  let yMm = box.yMm + Math.max(0, (box.heightMm - heightMm) / 2)
  for (const { shaped, sizePt, leadingPt, grey } of rows) {
    const widthMm = (shaped.width * sizePt * millimetresAPoint) / 1000
    const xMm = isCentred ? box.xMm + (box.widthMm - widthMm) / 2 : box.xMm
    // Letters with marks above and below stay within the leading.
    canvas.drawText(shaped, { xMm, baselineMm: yMm + leadingPt * 0.76 * millimetresAPoint, sizePt, grey })
    yMm += leadingPt * millimetresAPoint
  }
}
