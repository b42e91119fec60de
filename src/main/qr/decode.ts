import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  prepareZXingModule,
  purgeZXingModule,
  readBarcodes,
  type ReaderOptions,
  type ReadResult
} from 'zxing-wasm/reader'
import { AppError } from '../../shared/errors.ts'
import { leastModulePx, quietZoneModules } from '../../shared/qr.ts'
import type { QrMatrix } from './matrix.ts'
import { checkPicture, unreadablePicture } from './picture.ts'

/** Pixels row by row from the top left: a byte of brightness each, or four of red, green, blue and (disregarded) alpha. */
export type QrBitmap = { width: number; height: number } & (
  { luminance: Uint8Array } | { rgba: Uint8Array | Uint8ClampedArray }
)

// Plain text, since the default mode rewrites texts that look like GS1 or ISO 15434 data.
const options: ReaderOptions = { formats: ['QRCode'], textMode: 'Plain' }

/** The decoder's memory never shrinks (50 megapixels leave 400 MB), so after a larger picture than this it is given up. */
const mostPixelsKept = 8_000_000

/** Each reading leaves about a kilobyte behind in the decoder's tables, so that it is given up now and then. */
const mostReadings = 2_000

let readings = 0
let overrides: { wasmBinary: ArrayBuffer } | undefined

/** The text of the QR code in a bitmap, or null when none can be read. */
export async function decodeQrBitmap(bitmap: QrBitmap): Promise<string | null> {
  const { width, height } = bitmap
  const [pixels, pixelBytes] = 'rgba' in bitmap ? [bitmap.rgba, 4] : [bitmap.luminance, 1]
  if (pixels.length !== width * height * pixelBytes) {
    throw new RangeError(`a bitmap of ${width} × ${height} pixels cannot have ${pixels.length} bytes`)
  }
  const input =
    'rgba' in bitmap
      ? {
          width,
          height,
          data: new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length),
          colorSpace: 'srgb' as const
        }
      : // The decoder takes a byte a pixel only as a file; PGM is a line of header before the same bytes.
        Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), bitmap.luminance])
  const [first] = await readSymbols(input, { ...options, maxNumberOfSymbols: 1 })
  return first?.isValid === true ? textOf(first) : null
}

/** Draws a matrix with its quiet zone, `scale` whole pixels a module, and reads it back. */
export async function decodeQrMatrix(matrix: QrMatrix, scale: number = leastModulePx): Promise<string | null> {
  const side = (matrix.size + 2 * quietZoneModules) * scale
  const luminance = new Uint8Array(side * side).fill(255)
  for (let index = 0; index < matrix.modules.length; index++) {
    if (matrix.modules[index] !== 1) continue
    const top = (Math.floor(index / matrix.size) + quietZoneModules) * scale
    const left = ((index % matrix.size) + quietZoneModules) * scale
    for (let y = top; y < top + scale; y++) luminance.fill(0, y * side + left, y * side + left + scale)
  }
  return decodeQrBitmap({ width: side, height: side, luminance })
}

/** Refuses with `qr-unreadable` a QR code that does not read back as exactly the text; to be called before it leaves in a mail or on a sheet. */
export async function assertQrReads(matrix: QrMatrix, text: string): Promise<void> {
  if ((await decodeQrMatrix(matrix)) === text) return
  // Without the text: it holds a provision code, and messages reach the log.
  throw new AppError(
    'qr-unreadable',
    'The QR code did not read back as the text it should hold, so it was not used; issue a new code and try again.'
  )
}

/** A QR code as it was found in a picture. */
export interface QrSymbol {
  text: string
  /** Of the symbol without its quiet zone, in pixels: top left, top right, bottom right, bottom left as the symbol is read. */
  corners: [Point, Point, Point, Point]
  /** Modules a side. */
  size: number
  /** The share of its error correction that damage has left, from 0 to 1. */
  correctionLeft: number
  isInverted: boolean
  isMirrored: boolean
}

export interface Point {
  x: number
  y: number
}

/**
 * The texts of all QR codes in a picture file. Throws `picture-unreadable` for what is no PNG, JPEG, GIF or BMP file, is damaged or
 * is too large (20 MB, 50 megapixels), and `qr-not-found` when there is none in it.
 */
export async function readQrPicture(bytes: Uint8Array): Promise<{ text: string }[]> {
  return (await readQrSymbols(bytes)).symbols.map(({ text }) => ({ text }))
}

/** As `readQrPicture`, with where in the picture the codes are. */
export async function readQrSymbols(
  bytes: Uint8Array
): Promise<{ widthPx: number; heightPx: number; symbols: QrSymbol[] }> {
  const { width, height } = await checkPicture(bytes)
  let results: ReadResult[]
  try {
    results = await readSymbols(bytes, options)
  } catch (error) {
    // A trap inside the decoder, whose state is not to be trusted afterwards.
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error
    purgeZXingModule()
    throw unreadablePicture()
  }
  if (width * height > mostPixelsKept) purgeZXingModule()
  // An image that cannot be decoded is answered by one invalid result that tells so.
  if (results.some(({ isValid }) => !isValid)) throw unreadablePicture()
  if (results.length === 0) {
    throw new AppError(
      'qr-not-found',
      'No QR code was found in the picture; take it again sharper and straighter, with the whole white border and no transparent background.'
    )
  }
  return { widthPx: width, heightPx: height, symbols: results.map(toSymbol) }
}

function toSymbol(result: ReadResult): QrSymbol {
  const { topLeft, topRight, bottomRight, bottomLeft } = result.position
  const extra = JSON.parse(result.extra === '' ? '{}' : result.extra) as { UEC?: number; Version?: string }
  return {
    text: textOf(result),
    corners: [topLeft, topRight, bottomRight, bottomLeft],
    size: 17 + 4 * Number(extra.Version ?? 1),
    correctionLeft: extra.UEC ?? 1,
    isInverted: result.isInverted,
    isMirrored: result.isMirrored
  }
}

/** UTF-8 where the bytes are UTF-8 and nothing in the symbol says otherwise: the decoder guesses and is sometimes wrong. */
function textOf(result: ReadResult): string {
  if (result.hasECI) return result.text
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(result.bytes)
  } catch {
    return result.text
  }
}

function readSymbols(...[input, readerOptions]: Parameters<typeof readBarcodes>): Promise<ReadResult[]> {
  // Left to itself, zxing-wasm fetches its code from a public server. Giving the decoder up makes `prepareZXingModule` void, so
  // nothing may wait between these two calls.
  overrides ??= { wasmBinary: readDecoderFile() }
  if (++readings % mostReadings === 0) purgeZXingModule()
  prepareZXingModule({ overrides })
  return readBarcodes(input, readerOptions)
}

function readDecoderFile(): ArrayBuffer {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  return new Uint8Array(readFileSync(file)).buffer
}
