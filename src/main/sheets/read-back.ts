import { createRequire } from 'node:module'
import path from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { decodeQrBitmap } from '../qr/decode.ts'
import type { Box } from './label-layout.ts'
import type { DrawnCode } from './sheet-drawing.ts'

/** Pixels of a rendered page, as a canvas gives them. */
export interface PagePixels {
  width: number
  height: number
  rgba: Uint8ClampedArray
}

export interface OpenPdf {
  pages: number
  /** In points, of which 72 make an inch. */
  sizeOf(page: number): Promise<{ width: number; height: number }>
  render(page: number, dotsAnInch: number): Promise<PagePixels>
  close(): Promise<void>
}

/**
 * Opens a PDF to draw its pages with a program that is not the one that wrote them. Nothing is fetched: fonts are embedded, and
 * what else the library wants lies in its package.
 */
export async function openPdf(pdf: Uint8Array): Promise<OpenPdf> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const folder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  const loading = getDocument({
    // It takes the bytes away from whoever hands them over.
    data: Uint8Array.from(pdf),
    verbosity: VerbosityLevel.ERRORS,
    disableFontFace: true,
    useSystemFonts: false,
    standardFontDataUrl: `${folder}/standard_fonts/`
  })
  const document = await loading.promise
  return {
    pages: document.numPages,
    async sizeOf(page) {
      const { width, height } = (await document.getPage(page)).getViewport({ scale: 1 })
      return { width, height }
    },
    render: (page, dotsAnInch) => renderPage(document, page, dotsAnInch),
    close: () => loading.destroy()
  }
}

/** What the library draws on; outside a browser that is @napi-rs/canvas. */
interface CanvasFactory {
  create(
    width: number,
    height: number
  ): {
    canvas: object
    context: { getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray } }
  }
  destroy(made: object): void
}

async function renderPage(document: PDFDocumentProxy, number: number, dotsAnInch: number): Promise<PagePixels> {
  const page = await document.getPage(number)
  const viewport = page.getViewport({ scale: dotsAnInch / 72 })
  const [width, height] = [Math.round(viewport.width), Math.round(viewport.height)]
  const factory = document.canvasFactory as CanvasFactory
  const made = factory.create(width, height)
  try {
    await page.render({ canvas: made.canvas, canvasContext: made.context, viewport, background: '#fff' }).promise
    const { data } = made.context.getImageData(0, 0, width, height)
    return { width, height, rgba: data }
  } finally {
    factory.destroy(made)
    page.cleanup()
  }
}

/** Brightness of a part of a page, a byte a pixel. */
function cut(
  { width, height, rgba }: PagePixels,
  box: Box,
  dotsAnInch: number
): { width: number; height: number; luminance: Uint8Array } {
  const pixels = (millimetres: number) => (millimetres / 25.4) * dotsAnInch
  const left = Math.max(0, Math.floor(pixels(box.xMm)))
  const top = Math.max(0, Math.floor(pixels(box.yMm)))
  const right = Math.min(width, Math.ceil(pixels(box.xMm + box.widthMm)))
  const bottom = Math.min(height, Math.ceil(pixels(box.yMm + box.heightMm)))
  const [across, down] = [Math.max(0, right - left), Math.max(0, bottom - top)]
  const luminance = new Uint8Array(across * down)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const at = ((top + y) * width + left + x) * 4
      luminance[y * across + x] = ((rgba[at] ?? 0) * 77 + (rgba[at + 1] ?? 0) * 150 + (rgba[at + 2] ?? 0) * 29) >> 8
    }
  }
  return { width: across, height: down, luminance }
}

/** What a rendered page's code at a place reads as; null when it cannot be read. */
export async function readCodeAt(page: PagePixels, box: Box, dotsAnInch: number): Promise<string | null> {
  const part = cut(page, box, dotsAnInch)
  return part.luminance.length === 0 ? null : decodeQrBitmap(part)
}

/** Coarser than any printer: what reads here reads there. Three pixels a module of the least advised size. */
export const usualDotsAnInch = 200

export const dotsFor = (leastModuleMm: number): number => (leastModuleMm < 0.4 ? 300 : usualDotsAnInch)

/**
 * Draws every page and reads every code on it, each alone in its place: what lies over it or has moved is noticed. Returns the
 * usernames of those that do not read as what they must.
 */
export async function findUnreadable(
  pdf: Uint8Array,
  codes: readonly DrawnCode[],
  dotsAnInch: number,
  onRead: (done: number) => void
): Promise<string[]> {
  const document = await openPdf(pdf)
  const unreadable: string[] = []
  let done = 0
  try {
    for (let number = 1; number <= document.pages; number++) {
      const page = await document.render(number, dotsAnInch)
      for (const code of codes) {
        if (code.page !== number) continue
        if ((await readCodeAt(page, code.box, dotsAnInch)) !== code.text) unreadable.push(code.username)
        done++
      }
      onRead(done)
    }
  } finally {
    await document.close()
  }
  // A code on a page that the file does not have was not read either.
  if (done < codes.length)
    unreadable.push(...codes.filter(({ page }) => page > document.pages).map(({ username }) => username))
  return unreadable
}
