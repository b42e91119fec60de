import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import QRCode, { type BitMatrix, type QRCodeMaskPattern } from 'qrcode'
import { describe, expect, it } from 'vitest'
import { maskPenalties } from '../../../src/main/qr/mask.ts'
import { qrTextBytes } from '../../../src/shared/qr.ts'

/** The evaluation inside qrcode, which it does not export by name. */
const evaluation = createRequire(import.meta.url)('qrcode/lib/core/mask-pattern.js') as Record<
  'getPenaltyN1' | 'getPenaltyN2' | 'getPenaltyN3' | 'getPenaltyN4',
  (symbol: BitMatrix) => number
>

const maskPatterns: QRCodeMaskPattern[] = [0, 1, 2, 3, 4, 5, 6, 7]

function draw(data: Buffer, maskPattern: QRCodeMaskPattern) {
  return QRCode.create([{ mode: 'byte', data }], { errorCorrectionLevel: 'M', maskPattern })
}

function penaltiesOfQrcode(data: Buffer): number[] {
  return maskPatterns.map((maskPattern) => {
    const { modules } = draw(data, maskPattern)
    const { getPenaltyN1, getPenaltyN2, getPenaltyN3, getPenaltyN4 } = evaluation
    return getPenaltyN1(modules) + getPenaltyN2(modules) + getPenaltyN3(modules) + getPenaltyN4(modules)
  })
}

describe('maskPenalties', () => {
  it('gives each of the eight masks the penalty that qrcode gives it, for random data of versions 1 to 22', () => {
    const versions = new Set<number>()
    for (let bytes = 1; bytes <= qrTextBytes; bytes += 2) {
      const data = randomBytes(bytes)
      const { modules, version } = draw(data, 0)
      versions.add(version)
      expect(maskPenalties(modules.data, modules.size, version)).toEqual(penaltiesOfQrcode(data))
    }
    expect(versions.size).toBe(22)
  })

  it('agrees on data that repeats, where runs are long, blocks many and finder-like patterns frequent', () => {
    for (const byte of [0x00, 0xff, 0x5d, 0xaa]) {
      const data = Buffer.alloc(500, byte)
      const { modules, version } = draw(data, 0)
      expect(maskPenalties(modules.data, modules.size, version)).toEqual(penaltiesOfQrcode(data))
    }
  })
})
