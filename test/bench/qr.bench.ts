import QRCode from 'qrcode'
import { createQrMatrix } from '../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../src/main/qr/png.ts'
import { leastModulePx, quietZoneModules } from '../../src/shared/qr.ts'
import type { Bench } from './row.ts'

const referenceOptions = { errorCorrectionLevel: 'M', scale: leastModulePx, margin: quietZoneModules } as const

/** Distinct 102-character URLs of the shape a mail carries, so that nothing can be remembered from one to the next. */
const texts = Array.from({ length: 100 }, (_, index) =>
  `https://auth.example.com:8443/userportal/complete/48213/firstname.lastname.${index}@example.com/`.padEnd(
    102,
    'X7K2M9QRT4'
  )
)

export async function bench(): Promise<Bench> {
  const sizes = texts.map((text) => renderQrPng(createQrMatrix(text)).length)
  const referenceSizes = await Promise.all(
    texts.map(async (text) => (await QRCode.toBuffer(text, referenceOptions)).length)
  )
  return {
    rows: [
      {
        kind: 'speed',
        name: 'QR code to PNG, 102 characters, 4 px/module',
        ours: { operations: texts.length, run: () => texts.forEach((text) => renderQrPng(createQrMatrix(text))) },
        reference: {
          name: 'qrcode.toBuffer',
          operations: texts.length,
          run: async () => {
            for (const text of texts) await QRCode.toBuffer(text, referenceOptions)
          }
        },
        holdRatio: 6,
        aimRatio: 20
      },
      {
        kind: 'speed',
        name: 'QR matrix alone, byte mode',
        ours: { operations: texts.length, run: () => texts.forEach((text) => createQrMatrix(text)) },
        reference: {
          name: 'QRCode.create',
          operations: texts.length,
          run: () =>
            texts.forEach((text) =>
              QRCode.create([{ mode: 'byte', data: Buffer.from(text) }], { errorCorrectionLevel: 'M' })
            )
        },
        holdRatio: 1
      },
      {
        kind: 'limit',
        name: 'bytes of that PNG, the largest',
        unit: 'bytes',
        measure: () => Math.max(...sizes),
        reference: { name: 'qrcode.toBuffer', value: Math.max(...referenceSizes) },
        hold: { atMost: 650 }
      }
    ]
  }
}
