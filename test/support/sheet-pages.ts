import { expect } from 'vitest'
import { sheetDesign, type LabelStock } from '../../src/shared/sheet.ts'
import { drawSheet, type DrawnCode } from '../../src/main/sheets/sheet-drawing.ts'
import { openPdf, readCodeAt, type PagePixels } from '../../src/main/sheets/read-back.ts'
import type { Box } from '../../src/main/sheets/label-layout.ts'
import type { Subject } from '../../src/main/sheets/label-drawing.ts'
import { findStock, labelsAPage } from '../../src/main/sheets/stock.ts'

/** What a printer adds to its own faults may be no more than this. */
export const toleranceMm = 0.2
/** The sheet's number and the help text are lighter than this; all else is darker. */
const dark = 80
/** A line thinner than a pixel is grey where it lies across two. */
export const faint = 220

const names = [
  'محمد الفارسي '.repeat(16),
  'Wolfeschlegelsteinhausen '.repeat(8),
  '山田 🎉 太郎',
  'Zoë Müller-Ångström',
  'שלום כהן‎',
  'नरेन्द्र สมชาย'
]

export function testSubject(index: number, name = names[index % names.length] ?? ''): Subject {
  const username = `firstname.lastname${index}`
  return {
    username,
    name,
    group: 'Staff',
    code: 'X7K2M9QRT4',
    url: `https://auth.example.com:8443/userportal/complete/482131234/${username}/X7K2M9QRT4`,
    expiresAtMs: Date.UTC(2026, 4, 11, 15)
  }
}

/** A sheet with every line there is. */
export async function drawTestSheet(
  part: string | LabelStock,
  subjects: Subject[]
): Promise<{ pdf: Uint8Array; codes: DrawnCode[] }> {
  const drawn = await drawSheet(
    {
      id: 12,
      stock: findStock(part),
      design: sheetDesign.parse({ stock: part, lines: ['name', 'username', 'code', 'expires', 'siteId', 'help'] }),
      server: { siteId: 482131234, name: 'Server', letterText: '# Hello %NAME%\n%QR%\n', validity: '7d' },
      madeAtMs: 0
    },
    subjects,
    async () => false
  )
  if (drawn === 'stopped') throw new Error('stopped')
  return drawn
}

/** The outermost dark pixels of a box of a page, as distances from the page's left and top edge; null where there are none. */
export function inkWithin(
  { width, height, rgba }: PagePixels,
  box: Box,
  dotsAnInch: number,
  darkness = dark
): { leftMm: number; topMm: number; rightMm: number; bottomMm: number } | null {
  const dots = (mm: number) => Math.round((mm / 25.4) * dotsAnInch)
  const [x1, x2] = [Math.max(0, dots(box.xMm)), Math.min(width, dots(box.xMm + box.widthMm))]
  const [y1, y2] = [Math.max(0, dots(box.yMm)), Math.min(height, dots(box.yMm + box.heightMm))]
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      if ((rgba[(y * width + x) * 4] ?? 255) >= darkness) continue
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y + 1)
    }
  }
  if (right < 0) return null
  const mm = (count: number) => (count / dotsAnInch) * 25.4
  return { leftMm: mm(left), topMm: mm(top), rightMm: mm(right), bottomMm: mm(bottom) }
}

/** Ink outside every label of a stock, further than the tolerance, in pixels. */
function strayInk({ width, height, rgba }: PagePixels, stock: LabelStock, dotsAnInch: number): number {
  const allowed = new Uint8Array(width * height)
  const dots = (mm: number) => Math.round((mm / 25.4) * dotsAnInch)
  for (const { xMm, yMm } of placesOf(stock)) {
    const [from, to] = [dots(xMm - toleranceMm), dots(xMm + stock.widthMm + toleranceMm)]
    for (let y = dots(yMm - toleranceMm); y < dots(yMm + stock.heightMm + toleranceMm); y++) {
      if (y >= 0 && y < height) allowed.fill(1, y * width + Math.max(0, from), y * width + Math.min(width, to))
    }
  }
  let stray = 0
  for (let at = 0; at < width * height; at++) if (allowed[at] === 0 && (rgba[at * 4] ?? 255) < dark) stray++
  return stray
}

/** From the table's own numbers, in the order in which labels are filled. */
function placesOf(stock: LabelStock): { xMm: number; yMm: number }[] {
  const rows = Array.from({ length: stock.rows }, (_, row) => stock.topMm + row * stock.pitchYMm)
  return rows.flatMap((yMm) =>
    Array.from({ length: stock.columns }, (_, column) => ({ xMm: stock.leftMm + column * stock.pitchXMm, yMm }))
  )
}

/**
 * Draws three pages of a part and looks at the pixels of the first and the last: every code decodes, and every label lies where the
 * table says.
 */
export async function expectTruePages(part: string, dotsAnInch = 300): Promise<void> {
  const stock = findStock(part)
  const perPage = labelsAPage(stock)
  const { pdf, codes } = await drawTestSheet(
    part,
    Array.from({ length: 3 * perPage }, (_, index) => testSubject(index))
  )
  const opened = await openPdf(pdf)
  expect(opened.pages).toBe(3)
  try {
    for (const page of [1, 3]) {
      const pixels = await opened.render(page, dotsAnInch)
      const drawn = codes.filter((code) => code.page === page)
      expect(drawn).toHaveLength(perPage)
      for (const code of drawn) expect(await readCodeAt(pixels, code.box, dotsAnInch)).toBe(code.text)
      if (stock.kind === 'labels') expectTrueLabels(pixels, stock.stock, drawn, dotsAnInch)
    }
  } finally {
    await opened.close()
  }
}

function expectTrueLabels(pixels: PagePixels, stock: LabelStock, codes: DrawnCode[], dotsAnInch: number): void {
  expect(strayInk(pixels, stock, dotsAnInch)).toBe(0)
  const corners = codes.map(({ box }) => inkWithin(pixels, box, dotsAnInch))
  const [first] = corners
  const [origin] = placesOf(stock)
  if (!first || !origin) throw new Error('nothing was drawn')
  for (const [index, place] of placesOf(stock).entries()) {
    const corner = corners[index]
    if (!corner) throw new Error(`label ${index} is empty`)
    // A code’s corner is that of its finder pattern, so it lies in each label where it lies in the first.
    expect(Math.abs(corner.leftMm - first.leftMm - (place.xMm - origin.xMm))).toBeLessThan(toleranceMm)
    expect(Math.abs(corner.topMm - first.topMm - (place.yMm - origin.yMm))).toBeLessThan(toleranceMm)
    expect(corner.leftMm).toBeGreaterThan(place.xMm - toleranceMm)
    expect(corner.topMm).toBeGreaterThan(place.yMm - toleranceMm)
    expect(corner.rightMm).toBeLessThan(place.xMm + stock.widthMm + toleranceMm)
    expect(corner.bottomMm).toBeLessThan(place.yMm + stock.heightMm + toleranceMm)
  }
}

/** Where the test page's outlines lie, measured from pixels, for the first and the last label of a part. */
export async function expectTrueOutlines(stock: LabelStock, pdf: Uint8Array, dotsAnInch = 300): Promise<void> {
  const opened = await openPdf(pdf)
  const pixels = await opened.render(1, dotsAnInch)
  await opened.close()
  const places = placesOf(stock)
  for (const place of [places[0], places.at(-1)]) {
    if (!place) throw new Error('no label')
    // Two strips through the label, since its neighbours' outlines go on where its own ends.
    const { xMm, yMm } = place
    const [across, down] = [stock.widthMm + 2 * toleranceMm, stock.heightMm + 2 * toleranceMm]
    const row = { xMm: xMm - toleranceMm, yMm: yMm + 2, widthMm: across, heightMm: 1 }
    const column = { xMm: xMm + 2, yMm: yMm - toleranceMm, widthMm: 1, heightMm: down }
    const [wide, high] = [row, column].map((strip) => inkWithin(pixels, strip, dotsAnInch, faint))
    if (!wide || !high) throw new Error('no outline')
    const edges = [wide.leftMm - xMm, wide.rightMm - xMm - stock.widthMm]
    edges.push(high.topMm - yMm, high.bottomMm - yMm - stock.heightMm)
    for (const edge of edges) expect(Math.abs(edge)).toBeLessThan(toleranceMm)
  }
}
