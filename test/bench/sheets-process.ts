import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import PdfDocument from 'pdfkit'
import { createQrMatrix } from '../../src/main/qr/matrix.ts'
import { labelBoxes, layoutLabel, pointsAMm } from '../../src/main/sheets/label-layout.ts'
import { createPageCanvas } from '../../src/main/sheets/page-canvas.ts'
import { drawQrWithin } from '../../src/main/sheets/label-drawing.ts'
import { shapeText } from '../../src/main/sheets/shaping.ts'
import { readStockTable } from '../../src/main/sheets/stock.ts'

export const labels = 10_000
const page = { widthMm: 210, heightMm: 297 }

/** Codes that have nothing in common, for the sake of the size. */
const codeOf = (index: number): string =>
  createHash('sha256').update(String(index)).digest('hex').slice(0, 10).toUpperCase()

/** A code and a line of text on each label of an A4 page of 24, both ways the same; the matrices are there already. */
export function createDrawings(): { ours(): Promise<Uint8Array>; reference(): Promise<void> } {
  const stock = readStockTable().find(({ part }) => part === 'L7159')
  if (!stock) throw new Error('the table lacks L7159')
  const boxes = labelBoxes(stock)
  const { qr, text } = layoutLabel(stock)
  const matrices = Array.from({ length: 1000 }, (_, index) =>
    createQrMatrix(`https://auth.example.com:8443/userportal/complete/48213/user.${index}@example.com/${codeOf(index)}`)
  )
  const places = Array.from({ length: labels }, (_, index) => ({
    isFirst: index % boxes.length === 0,
    box: boxes[index % boxes.length],
    matrix: matrices[index % matrices.length],
    name: `user.${index}@example.com`
  })) as { isFirst: boolean; box: (typeof boxes)[number]; matrix: (typeof matrices)[number]; name: string }[]

  const drawOurs = (): Promise<Uint8Array> => {
    const canvas = createPageCanvas({ title: 'Bench', madeAt: new Date(0) })
    for (const { isFirst, box, matrix, name } of places) {
      if (isFirst) canvas.addPage(page, { scale: 1, xMm: 0, yMm: 0 })
      drawQrWithin(canvas, matrix, { ...qr, xMm: box.xMm + qr.xMm, yMm: box.yMm + qr.yMm })
      canvas.drawText(shapeText(name, 'regular'), { xMm: box.xMm + text.xMm, baselineMm: box.yMm + 12, sizePt: 7 })
    }
    return canvas.end()
  }
  const drawReference = async (): Promise<void> => {
    const document = new PdfDocument({ autoFirstPage: false })
    const ended = new Promise((resolve) => document.on('end', resolve))
    document.on('data', () => undefined)
    for (const { isFirst, box, matrix, name } of places) {
      if (isFirst) document.addPage({ size: 'A4', margin: 0 })
      const side = (qr.widthMm * pointsAMm) / (matrix.size + 8)
      const [left, top] = [(box.xMm + qr.xMm) * pointsAMm, (box.yMm + qr.yMm) * pointsAMm]
      for (let at = 0; at < matrix.modules.length; at++) {
        if (matrix.modules[at] !== 1) continue
        document.rect(
          left + (4 + (at % matrix.size)) * side,
          top + (4 + Math.floor(at / matrix.size)) * side,
          side,
          side
        )
      }
      document.fill()
      document
        .fontSize(7)
        .text(name, (box.xMm + text.xMm) * pointsAMm, (box.yMm + 10) * pointsAMm, { lineBreak: false })
    }
    document.end()
    await ended
  }
  return { ours: drawOurs, reference: drawReference }
}

/** Linux counts what the parent held when it started this process into `maxRSS`, and tells of the process alone in its status. */
function peakKib(): number {
  const [, ownKib] = /^VmHWM:\s+(\d+) kB/m.exec(readStatus()) ?? []
  return ownKib === undefined ? process.resourceUsage().maxRSS : Number(ownKib)
}

function readStatus(): string {
  return existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
}

// Run by itself, it draws one way and says how much memory the process had at most, in MiB.
const [, script = '', way] = process.argv
if (import.meta.filename === script && (way === 'ours' || way === 'reference')) {
  await createDrawings()[way]()
  process.stdout.write(String(peakKib() / 1024))
}
