import { describe, expect, it } from 'vitest'
import { gridStock, stockProblem, type LabelStock } from '../../../src/shared/sheet.ts'
import { drawSheet } from '../../../src/main/sheets/sheet-drawing.ts'
import { findUnreadable, openPdf } from '../../../src/main/sheets/read-back.ts'
import { labelBoxes } from '../../../src/main/sheets/label-layout.ts'
import { findStock, listStock, readStockTable } from '../../../src/main/sheets/stock.ts'

const subject = (index: number) => ({
  username: `firstname.lastname${index}`,
  name:
    index % 3 === 0
      ? 'محمد الفارسي '.repeat(16)
      : index % 3 === 1
        ? 'Wolfeschlegelsteinhausen '.repeat(8)
        : '山田 🎉 太郎',
  group: 'Staff',
  code: 'X7K2M9QRT4',
  url: `https://auth.example.com:8443/userportal/complete/482131234/firstname.lastname${index}/X7K2M9QRT4`,
  expiresAtMs: Date.UTC(2026, 4, 11, 15)
})

async function draw(part: string, labels: number) {
  const drawn = await drawSheet(
    {
      id: 12,
      stock: findStock(part),
      design: {
        startAt: 1,
        lines: ['name', 'username', 'code', 'expires', 'siteId', 'help'],
        helpText: 'In the app: Information icon › About › Scan QR Code',
        fit: { offsetXMm: 0, offsetYMm: 0, scalePercent: 100 }
      },
      server: { siteId: 482131234, name: 'Server', letterText: '# Hello %NAME%\n%QR%\n', validity: '7d' },
      madeAtMs: 0
    },
    Array.from({ length: labels }, (_, index) => subject(index)),
    async () => false
  )
  if (drawn === 'stopped') throw new Error('stopped')
  return drawn
}

/** Ink outside every label, further than the tolerance: the sheet's number in the margin is left out. */
async function strayInk(pdf: Uint8Array, stock: LabelStock, toleranceMm: number): Promise<number> {
  const dotsAnInch = 300
  const opened = await openPdf(pdf)
  const { width, height, rgba } = await opened.render(1, dotsAnInch)
  await opened.close()
  const allowed = new Uint8Array(width * height)
  const dots = (mm: number) => Math.round((mm / 25.4) * dotsAnInch)
  for (const box of labelBoxes(stock)) {
    for (let y = dots(box.yMm - toleranceMm); y < dots(box.yMm + box.heightMm + toleranceMm); y++) {
      if (y < 0 || y >= height) continue
      const from = Math.max(0, dots(box.xMm - toleranceMm))
      allowed.fill(1, y * width + from, y * width + Math.min(width, dots(box.xMm + box.widthMm + toleranceMm)))
    }
  }
  let stray = 0
  for (let at = 0; at < width * height; at++) {
    // The sheet's number is grey; all else is darker.
    if (allowed[at] === 0 && (rgba[at * 4] ?? 255) < 80) stray++
  }
  return stray
}

describe('the label stock', () => {
  it('lies on its pages, every part of it', () => {
    expect(readStockTable().map((stock) => [stock.part, stockProblem(stock)])).toEqual(
      readStockTable().map(({ part }) => [part, null])
    )
    expect(listStock()).toHaveLength(15)
  })

  it('is refused with the sum that does not add up', () => {
    const stock = gridStock('A4', 3, 8)
    expect(stockProblem(stock)).toBeNull()
    expect(stockProblem({ ...stock, topMm: 30 })).toMatch(/^8 rows need 30 \+ 7 × .* = .* mm, and A4 is 297 mm high\.$/)
    expect(stockProblem({ ...stock, pitchXMm: 60 })).toMatch(/would overlap by/)
    expect(stockProblem({ ...stock, widthMm: 5 })).toMatch(/is too small/)
  })

  it.each(['L7160', '4464', '5160', 'letter-A4'])(
    '%s: every code of a page reads back, and no ink leaves its label',
    async (part) => {
      const stock = findStock(part)
      const labels = stock.kind === 'letter' ? 1 : stock.stock.columns * stock.stock.rows
      const { pdf, codes } = await draw(part, labels)
      expect(await findUnreadable(pdf, codes, 150, () => undefined)).toEqual([])
      // Another text in its place is noticed.
      const wrong = codes.map((code, index) => (index === 0 ? { ...code, text: 'other' } : code))
      expect(await findUnreadable(pdf, wrong, 150, () => undefined)).toEqual([codes[0]?.username])
      if (stock.kind === 'labels') expect(await strayInk(pdf, stock.stock, 0.2)).toBe(0)
    }
  )
})
