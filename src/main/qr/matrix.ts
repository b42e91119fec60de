import { create } from 'qrcode'
import { AppError } from '../../shared/errors.ts'
import { qrTextBytes } from '../../shared/qr.ts'
import { bestMaskedModules } from './mask.ts'

/** A QR symbol without its quiet zone. */
export interface QrMatrix {
  /** Modules a side. */
  size: number
  /** Row by row, 1 = black. */
  modules: Uint8Array
  /** 1 to 40, as ISO/IEC 18004 counts sizes. */
  version: number
}

/**
 * Encodes a text as a QR code of error correction level M, the smallest version that holds it.
 * Throws `invalid-input` for an empty or ill-formed text, `text-too-long` past 768 bytes of UTF-8.
 */
export function createQrMatrix(text: string): QrMatrix {
  if (text === '') throw new AppError('invalid-input', 'A QR code needs a text to hold; this one is empty.')
  if (!text.isWellFormed()) {
    throw new AppError('invalid-input', 'The text for the QR code holds half a character; type it again.')
  }
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > qrTextBytes) {
    throw new AppError(
      'text-too-long',
      `The text for the QR code is ${bytes.length} bytes long and may be ${qrTextBytes}; shorten the username or the URL.`,
      { bytes: bytes.length, mostBytes: qrTextBytes }
    )
  }
  // One byte segment: searching for the cheapest mixture of modes takes longer than all the rest and a URL gains next to nothing.
  const { version, modules } = create([{ mode: 'byte', data: bytes }], { errorCorrectionLevel: 'M', maskPattern: 0 })
  return { size: modules.size, modules: bestMaskedModules(modules.data, modules.size, version), version }
}
