import type { CallInput } from '../../../shared/contract.ts'
import type { PageName } from '../../../shared/sheet.ts'
import { ask, bridge, CallError } from '../../bridge.ts'
import { openPages } from './pdf-pages.ts'

/** Where a browser would run out of memory; a desktop program takes any number. */
export const mostPrintedPages = 60

/** Saves the very bytes. In the window main writes them for the owner alone; a browser puts them among its downloads. */
export async function savePdf(pdf: Uint8Array, name: string): Promise<boolean> {
  const desktop = window.provisionDesktop
  if (desktop) return (await answered(desktop.savePdf(pdf, name))).isDone
  const url = URL.createObjectURL(new Blob([Uint8Array.from(pdf)], { type: 'application/pdf' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold of the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return true
}

/** To the system's dialog: the very bytes from the window; a browser prints its pages, drawn at 300 dots an inch. */
export async function printPdf(pdf: Uint8Array, name: string, paper: PageName): Promise<boolean> {
  const desktop = window.provisionDesktop
  if (desktop) return (await answered(desktop.printPdf(pdf, name, paper))).isDone
  await printPages(pdf)
  return true
}

export async function showTestPage(request: CallInput<'sheets:testPage'>): Promise<void> {
  const { pdf, paper } = await ask(bridge.sheets.testPage(request))
  await printPdf(pdf, 'Test page.pdf', paper)
}

async function answered<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; error: CallError['data'] }>
): Promise<T> {
  const result = await answer
  if (!result.ok) throw new CallError(result.error)
  return result.value
}

const printedPixelsAPoint = 300 / 72

async function printPages(pdf: Uint8Array): Promise<void> {
  const pages = await openPages(pdf)
  const area = document.createElement('div')
  area.className = 'printed-pages'
  const urls: string[] = []
  try {
    const { width, height } = await pages.sizeOf(1)
    const style = new CSSStyleSheet()
    const paper = `@page { size: ${width}pt ${height}pt; margin: 0 }`
    // Of the paper's size in itself, so that a dialog in which another paper was chosen does not scale it.
    const page = `.printed-pages > div { height: calc(${height}pt - 2px) }`
    const picture = `.printed-pages img { width: ${width}pt; height: ${height}pt }`
    style.replaceSync(`${paper} @media print { ${page} ${picture} }`)
    document.adoptedStyleSheets.push(style)
    const canvas = document.createElement('canvas')
    for (let number = 1; number <= Math.min(pages.pages, mostPrintedPages); number++) {
      await pages.draw(number, canvas, printedPixelsAPoint)
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      if (!blob) throw new Error('a page could not be drawn')
      const url = URL.createObjectURL(blob)
      urls.push(url)
      const image = document.createElement('img')
      image.src = url
      image.alt = ''
      await image.decode()
      const sheet = document.createElement('div')
      sheet.append(image)
      area.append(sheet)
    }
    document.body.append(area)
    window.print()
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== style)
  } finally {
    area.remove()
    for (const url of urls) URL.revokeObjectURL(url)
    pages.close()
  }
}
