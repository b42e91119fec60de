import type { MeasuredPicture } from '../aside/aside-work.ts'
import { readQrSymbols } from '../qr/decode.ts'
import { readGreyBitmap } from './bitmap.ts'
import { measureScan } from './scan-quality.ts'

/** Throws as `readQrSymbols`. */
export async function measurePicture(image: Uint8Array, maxCodes: number): Promise<MeasuredPicture> {
  const { widthPx, heightPx, symbols } = await readQrSymbols(image)
  const bitmap = readGreyBitmap(image, { widthPx, heightPx })
  const codes: MeasuredPicture['codes'] = []
  for (const symbol of symbols.slice(0, maxCodes)) {
    codes.push({ text: symbol.text, scan: await measureScan(symbol, bitmap) })
  }
  return { widthPx, heightPx, codes }
}
