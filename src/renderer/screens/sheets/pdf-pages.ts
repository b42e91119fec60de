import type { PDFDocumentProxy } from 'pdfjs-dist'
// The form for older browsers: the usual one wants more than some that are still in use can do.
import { getDocument, GlobalWorkerOptions } from 'pdfjs-dist/legacy/build/pdf.mjs'

// A file of the console's own address: its policy lets no other code in.
GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/legacy/build/pdf.worker.min.mjs', import.meta.url).href

export interface PdfPages {
  pages: number
  /** Draws a page into a canvas; a drawing that a later one overtakes is given up. */
  draw(page: number, canvas: HTMLCanvasElement, pixelsAPoint: number): Promise<void>
  /** In points, of which 72 make an inch. */
  sizeOf(page: number): Promise<{ width: number; height: number }>
  close(): void
}

export async function openPages(pdf: Uint8Array): Promise<PdfPages> {
  // Paths rather than fonts of the page: the policy lets in no font that does not come from the console's address.
  const loading = getDocument({ data: Uint8Array.from(pdf), disableFontFace: true, useSystemFonts: false })
  const document = await loading.promise
  return {
    pages: document.numPages,
    draw: (page, canvas, pixelsAPoint) => drawPage(document, page, canvas, pixelsAPoint),
    async sizeOf(page) {
      const { width, height } = (await document.getPage(page)).getViewport({ scale: 1 })
      return { width, height }
    },
    close: () => void loading.destroy()
  }
}

const drawings = new WeakMap<HTMLCanvasElement, { cancel(): void }>()

async function drawPage(
  document: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  pixelsAPoint: number
): Promise<void> {
  drawings.get(canvas)?.cancel()
  const page = await document.getPage(number)
  const viewport = page.getViewport({ scale: pixelsAPoint })
  canvas.width = Math.round(viewport.width)
  canvas.height = Math.round(viewport.height)
  const drawing = page.render({ canvas, viewport, background: '#fff' })
  drawings.set(canvas, drawing)
  try {
    await drawing.promise
  } finally {
    if (drawings.get(canvas) === drawing) drawings.delete(canvas)
    page.cleanup()
  }
}

/** Whether a drawing was given up for a later one. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof Error && error.name === 'RenderingCancelledException'
}
