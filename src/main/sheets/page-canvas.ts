import type PdfKit from 'pdfkit'
import { loadLate } from '../system/late-module.ts'
import type { QrMatrix } from '../qr/matrix.ts'
import { openFont, type FontName } from './fonts.ts'
import { pointsAMm, type Box } from './label-layout.ts'
import type { GlyphRun, ShapedText } from './shaping.ts'

const pdfkit = loadLate((require) => require('pdfkit') as typeof PdfKit)

/** What is used of pdfkit's own font objects, which its types leave out. */
interface EmbeddedFont {
  id: string
  ref(): object
  subset: { includeGlyph(id: number): number }
  widths: (number | undefined)[]
  unicode: (number[] | undefined)[]
}

interface DocumentParts {
  page: { fonts: Record<string, object> }
}

/** A PDF drawn page by page straight into pdfkit's content streams: its own drawing calls take ten times as long. */
export interface PageCanvas {
  addPage(size: { widthMm: number; heightMm: number }, transform: { scale: number; xMm: number; yMm: number }): void
  /** Black on what is there, without a quiet zone: one mask of a bit a module. */
  drawQr(matrix: QrMatrix, box: Box): void
  drawText(shaped: ShapedText, at: { xMm: number; baselineMm: number; sizePt: number; grey?: number }): void
  drawLine(x1Mm: number, y1Mm: number, x2Mm: number, y2Mm: number, widthPt?: number): void
  drawBox(box: Box, widthPt?: number): void
  /** The file in pieces as they come. */
  end(): Promise<Uint8Array>
}

const points = (millimetres: number): string => number(millimetres * pointsAMm)

/** A thousandth of a point is finer than any printer; PDF knows no exponents. */
const number = (value: number): string => String(Math.round(value * 1000) / 1000)

export function createPageCanvas(about: { title: string; madeAt: Date }): PageCanvas {
  const document = new (pdfkit())({
    autoFirstPage: false,
    compress: true,
    // Named so that a folder full of sheets can be told apart; nothing of the codes.
    info: { Title: about.title, Creator: 'Provision Console', CreationDate: about.madeAt }
  })
  const chunks: Uint8Array[] = []
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const finished = new Promise<void>((resolve, reject) => {
    document.on('end', resolve)
    document.on('error', reject)
  })
  const parts = document as unknown as DocumentParts
  // PDF programs then offer to print it as large as it is, rather than fitted to the page.
  const catalog = Reflect.get(document, '_root') as { data: Record<string, object> }
  catalog.data['ViewerPreferences'] = document.ref({ PrintScaling: 'None' })
  const fonts = new Map<FontName, { font: EmbeddedFont; codes: Map<number, string> }>()
  let content: string[] = []

  const flush = () => {
    if (content.length > 0) document.addContent(content.join('\n'))
    content = []
  }

  const fontOf = (name: FontName) => {
    let known = fonts.get(name)
    if (!known) {
      // Given as an opened font, so that the file is read and taken apart once in the life of the program.
      document.font(openFont(name) as unknown as string)
      known = { font: Reflect.get(document, '_font') as EmbeddedFont, codes: new Map() }
      fonts.set(name, known)
    }
    parts.page.fonts[known.font.id] ??= known.font.ref()
    return known
  }

  const codeOf = (run: GlyphRun, index: number) => {
    const glyph = run.glyphs[index]
    const known = fontOf(run.font)
    if (!glyph) return '0000'
    const code = known.codes.get(glyph.id)
    if (code !== undefined) return code
    const id = known.font.subset.includeGlyph(glyph.id)
    known.font.widths[id] ??= (glyph.advanceWidth * 1000) / openFont(run.font).unitsPerEm
    known.font.unicode[id] ??= glyph.codePoints
    const hex = id.toString(16).padStart(4, '0')
    known.codes.set(glyph.id, hex)
    return hex
  }

  return {
    addPage({ widthMm, heightMm }, { scale, xMm, yMm }) {
      flush()
      document.addPage({ size: [widthMm * pointsAMm, heightMm * pointsAMm], margin: 0 })
      if (scale !== 1 || xMm !== 0 || yMm !== 0) {
        content.push(`${number(scale)} 0 0 ${number(scale)} ${points(xMm)} ${points(yMm)} cm`)
      }
    },

    drawQr({ size, modules }, { xMm, yMm, widthMm, heightMm }) {
      const rowBytes = (size + 7) >> 3
      const bits = Buffer.alloc(rowBytes * size)
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          if (modules[row * size + column] === 1) {
            const at = row * rowBytes + (column >> 3)
            bits[at] = (bits[at] ?? 0) | (0x80 >> (column & 7))
          }
        }
      }
      // Hexadecimal, since the bytes themselves could hold what ends an image; the stream's compression takes it back.
      content.push(
        `q 0 g ${points(widthMm)} 0 0 -${points(heightMm)} ${points(xMm)} ${points(yMm + heightMm)} cm`,
        `BI /W ${size} /H ${size} /IM true /D [1 0] /F /AHx ID ${bits.toString('hex')}> EI Q`
      )
    },

    drawText({ runs }, { xMm, baselineMm, sizePt, grey = 0 }) {
      // pdfkit's pages count from the top, so letters are turned upright again.
      content.push(`BT ${number(grey)} g 1 0 0 -1 ${points(xMm)} ${points(baselineMm)} Tm`)
      for (const run of runs) {
        const { id } = fontOf(run.font).font
        content.push(`/${id} ${number(sizePt)} Tf ${showRun(run, sizePt, (index) => codeOf(run, index))}`)
      }
      content.push('ET')
    },

    drawLine(x1Mm, y1Mm, x2Mm, y2Mm, widthPt = 0.3) {
      content.push(`0 G ${number(widthPt)} w ${points(x1Mm)} ${points(y1Mm)} m ${points(x2Mm)} ${points(y2Mm)} l S`)
    },

    drawBox({ xMm, yMm, widthMm, heightMm }, widthPt = 0.3) {
      content.push(`0 G ${number(widthPt)} w ${points(xMm)} ${points(yMm)} ${points(widthMm)} ${points(heightMm)} re S`)
    },

    async end() {
      flush()
      document.end()
      await finished
      return Uint8Array.from(Buffer.concat(chunks))
    }
  }
}

/** The operators that show a run; marks that are set off their place, as in Thai and Arabic, are moved there and back. */
function showRun({ glyphs, placing }: GlyphRun, sizePt: number, codeAt: (index: number) => string): string {
  if (!placing) return `<${glyphs.map((_, index) => codeAt(index)).join('')}> Tj`
  const operators: string[] = []
  let rise = 0
  let parts: string[] = []
  let hex = ''
  const closeHex = () => {
    if (hex !== '') parts.push(`<${hex}>`)
    hex = ''
  }
  const move = (thousandths: number) => {
    if (Math.abs(thousandths) < 0.05) return
    closeHex()
    parts.push(number(-thousandths))
  }
  const closeArray = () => {
    closeHex()
    if (parts.length > 0) operators.push(`[${parts.join(' ')}] TJ`)
    parts = []
  }
  for (const [index, { advance, width, xOffset, yOffset }] of placing.entries()) {
    if (yOffset !== rise) {
      closeArray()
      rise = yOffset
      operators.push(`${number((rise * sizePt) / 1000)} Ts`)
    }
    move(xOffset)
    hex += codeAt(index)
    move(advance - width - xOffset)
  }
  closeArray()
  if (rise !== 0) operators.push('0 Ts')
  return operators.join(' ')
}
