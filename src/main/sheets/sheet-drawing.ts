import { pageSizes, type PrinterFit, type SheetDesign } from '../../shared/sheet.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { createLabelDrawing, type Subject } from './label-drawing.ts'
import { fitBox, footerPlace, labelBoxes, layoutLabel, millimetresAPoint, pointsAMm, type Box } from './label-layout.ts'
import { drawLetter } from './letter-drawing.ts'
import { createPageCanvas, type PageCanvas } from './page-canvas.ts'
import { fitText, shapeText } from './shaping.ts'
import { labelsAPage, type Stock } from './stock.ts'

export interface SheetDrawing {
  /** The sheet's number in the list. */
  id: number
  stock: Stock
  design: Pick<SheetDesign, 'startAt' | 'lines' | 'helpText' | 'fit'>
  server: { siteId: number; name: string; letterText: string; validity: string }
  madeAtMs: number
}

/** A code on paper: what it must read as, and where it lies with its quiet zone. */
export interface DrawnCode {
  page: number
  box: Box
  text: string
  username: string
}

/** Rows of text between which other work gets its turn. */
const labelsATurn = 48

/** Pages of a sheet for so many labels. */
export function pagesFor(stock: Stock, startAt: number, labels: number): number {
  return labels === 0 ? 0 : Math.ceil((startAt - 1 + labels) / labelsAPage(stock))
}

/** Draws the whole file in memory; nothing of it touches the disk. */
export async function drawSheet(
  drawing: SheetDrawing,
  subjects: readonly Subject[],
  isStopped: () => Promise<boolean>
): Promise<{ pdf: Uint8Array; codes: DrawnCode[] } | 'stopped'> {
  const { stock, design } = drawing
  const canvas = createPageCanvas({ title: `Sheet ${drawing.id}`, madeAt: new Date(drawing.madeAtMs) })
  const pages = pagesFor(stock, design.startAt, subjects.length)
  const draw = stock.kind === 'letter' ? letterDrawer(canvas, drawing, pages) : labelDrawer(canvas, drawing, pages)
  const codes: DrawnCode[] = []
  for (const [index, subject] of subjects.entries()) {
    const { page, box } = draw(index, subject)
    codes.push({ page, box: fitBox(box, design.fit), text: subject.url, username: subject.username })
    if (index % labelsATurn === labelsATurn - 1 && (await isStopped())) return 'stopped'
  }
  return { pdf: await canvas.end(), codes }
}

type Drawer = (index: number, subject: Subject) => { page: number; box: Box }

const transformOf = (fit: PrinterFit) => ({ scale: fit.scalePercent / 100, xMm: fit.offsetXMm, yMm: fit.offsetYMm })

function labelDrawer(canvas: PageCanvas, { id, stock, design, server }: SheetDrawing, pages: number): Drawer {
  if (stock.kind !== 'labels') throw new Error('a letter has no labels')
  const geometry = stock.stock
  const boxes = labelBoxes(geometry)
  const labels = createLabelDrawing(canvas, geometry, design.lines, {
    siteId: server.siteId,
    helpText: design.helpText
  })
  let page = 0
  return (index, subject) => {
    const place = design.startAt - 1 + index
    const wanted = Math.floor(place / boxes.length) + 1
    while (page < wanted) {
      page++
      canvas.addPage(pageSizes[geometry.page], transformOf(design.fit))
      if (geometry.cutMarks) drawCutMarks(canvas, geometry)
      drawFooter(canvas, stock, `Sheet ${id} · page ${page} of ${pages}`)
    }
    const label = boxes[place % boxes.length]
    if (!label) throw new Error(`there is no label ${place}`)
    return { page, box: labels.draw(label, subject, createQrMatrix(subject.url)) }
  }
}

function letterDrawer(canvas: PageCanvas, drawing: SheetDrawing, pages: number): Drawer {
  const { id, stock, design, server, madeAtMs } = drawing
  if (stock.kind !== 'letter') throw new Error('labels are no letter')
  const { widthMm, heightMm } = pageSizes[stock.page]
  return (index, subject) => {
    canvas.addPage({ widthMm, heightMm }, transformOf(design.fit))
    const footer = shapeText(`Sheet ${id} · page ${index + 1} of ${pages}`, 'regular')
    const footerMm = (footer.width * 6.5 * millimetresAPoint) / 1000
    canvas.drawText(footer, { xMm: widthMm - 25 - footerMm, baselineMm: heightMm - 10, sizePt: 6.5, grey: 0.4 })
    const { siteId, name: serverName, letterText: text, validity } = server
    const box = drawLetter(canvas, stock.page, subject, createQrMatrix(subject.url), {
      siteId,
      serverName,
      text,
      validity,
      madeAtMs
    })
    return { page: index + 1, box }
  }
}

function drawFooter(canvas: PageCanvas, stock: Stock, text: string): void {
  if (stock.kind !== 'labels') return
  const place = footerPlace(stock.stock)
  if (place !== 'last-label') {
    const { shaped, sizePt } = fitText(text, 'regular', { sizePt: 6, leastPt: 4, widthPt: place.widthMm * pointsAMm })
    canvas.drawText(shaped, { xMm: place.xMm, baselineMm: place.baselineMm, sizePt, grey: 0.4 })
    return
  }
  const last = labelBoxes(stock.stock).at(-1)
  if (!last) return
  const { text: room } = layoutLabel(stock.stock)
  const { shaped, sizePt } = fitText(text, 'regular', { sizePt: 4.5, leastPt: 3, widthPt: room.widthMm * pointsAMm })
  const baselineMm = last.yMm + room.yMm + room.heightMm - 0.4
  canvas.drawText(shaped, { xMm: last.xMm + room.xMm, baselineMm, sizePt, grey: 0.4 })
}

const cutMarkMm = 4

/** Short lines in the margins where the cuts go, and small crosses where they meet. */
function drawCutMarks(canvas: PageCanvas, stock: Extract<Stock, { kind: 'labels' }>['stock']): void {
  const { leftMm, topMm, columns, rows, pitchXMm, pitchYMm, widthMm, heightMm } = stock
  const xs = edges(leftMm, columns, pitchXMm, widthMm)
  const ys = edges(topMm, rows, pitchYMm, heightMm)
  const [left, right, top, bottom] = [leftMm, xs.at(-1) ?? leftMm, topMm, ys.at(-1) ?? topMm]
  for (const x of xs) {
    canvas.drawLine(x, Math.max(0, top - cutMarkMm), x, top - 0.5)
    canvas.drawLine(x, bottom + 0.5, x, bottom + cutMarkMm)
  }
  for (const y of ys) {
    canvas.drawLine(Math.max(0, left - cutMarkMm), y, left - 0.5, y)
    canvas.drawLine(right + 0.5, y, right + cutMarkMm, y)
  }
  for (const x of xs.slice(1, -1)) {
    for (const y of ys.slice(1, -1)) {
      canvas.drawLine(x - 0.6, y, x + 0.6, y)
      canvas.drawLine(x, y - 0.6, x, y + 0.6)
    }
  }
}

function edges(start: number, count: number, pitch: number, size: number): number[] {
  const all = Array.from({ length: count }, (_, index) => [start + index * pitch, start + index * pitch + size]).flat()
  return all.filter((edge, index) => index === 0 || edge - (all[index - 1] ?? 0) > 0.05)
}

/** The outlines of a page's labels and two lines of known length, to see how a printer prints. */
export async function drawTestPage(stock: Stock, fit: PrinterFit): Promise<Uint8Array> {
  const canvas = createPageCanvas({ title: 'Test page', madeAt: new Date() })
  const page = stock.kind === 'letter' ? stock.page : stock.stock.page
  const size = pageSizes[page]
  canvas.addPage(size, transformOf(fit))
  if (stock.kind === 'labels') {
    for (const [index, box] of labelBoxes(stock.stock).entries()) {
      canvas.drawBox(box)
      canvas.drawText(shapeText(String(index + 1), 'bold'), {
        xMm: box.xMm + 4.5,
        baselineMm: box.yMm + 9,
        sizePt: 12,
        grey: 0.5
      })
    }
  }
  const xMm = size.widthMm / 2 - 50
  const yMm = size.heightMm / 2 - 50
  canvas.drawLine(xMm, yMm, xMm + 100, yMm, 0.6)
  canvas.drawLine(xMm, yMm, xMm, yMm + 100, 0.6)
  for (let step = 0; step <= 100; step += 10) {
    canvas.drawLine(xMm + step, yMm - 1.5, xMm + step, yMm + 1.5, 0.4)
    canvas.drawLine(xMm - 1.5, yMm + step, xMm + 1.5, yMm + step, 0.4)
  }
  const shift =
    fit.offsetXMm === 0 && fit.offsetYMm === 0 ? 'no offset' : `offset ${fit.offsetXMm} / ${fit.offsetYMm} mm`
  const notes = [
    `Test page · ${stock.kind === 'letter' ? stock.part : stock.stock.part} · ${page} · ${shift} · scale ${fit.scalePercent} %`,
    'Print it at 100 % (no “fit to page”), and hold it with a sheet of labels against the light.',
    'The two lines are 100 mm long. Scale to set = 100 × 100 / their length as printed, in per cent.',
    'Offset to set = how far the outlines lie left of and above the labels, in millimetres.'
  ]
  for (const [index, note] of notes.entries()) {
    const { shaped, sizePt } = fitText(note, 'regular', { sizePt: 8, leastPt: 5, widthPt: 96 * pointsAMm })
    canvas.drawText(shaped, { xMm: xMm + 4, baselineMm: yMm + 8 + index * 5, sizePt })
  }
  return canvas.end()
}
