import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { checkPrintedModule, moduleMmFor, requirePrintable, scaleForScreen } from '../../../src/main/qr/scannability.ts'
import { AppError } from '../../../src/shared/errors.ts'

function refusalOf(act: () => unknown): AppError {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('it was not refused')
}

describe('printed size', () => {
  it('is good from 0.4 mm a module, small from 0.25 mm, refused below', () => {
    expect([0.5, 0.4, 0.399, 0.25, 0.249, 0, Number.NaN].map(checkPrintedModule)).toEqual([
      'good',
      'good',
      'small',
      'small',
      'refused',
      'refused',
      'refused'
    ])
  })

  it('counts the quiet zone as part of the printed width', () => {
    expect(moduleMmFor(createQrMatrix('a'), 29)).toBe(1)
    expect(requirePrintable({ size: 41 }, 19.6)).toBe('good')
    expect(requirePrintable({ size: 41 }, 19.5)).toBe('small')
    expect(requirePrintable({ size: 41 }, 12.25)).toBe('small')
  })

  it('refuses what is too small with its size and the widths that would do', () => {
    const refusal = refusalOf(() => requirePrintable({ size: 41 }, 10))
    expect(refusal.code).toBe('qr-too-small')
    expect(refusal.message).toContain('10.0 mm wide')
    expect(refusal.message).toContain('0.20 mm a module')
    expect(refusal.message).toContain('at least 12.3 mm')
    expect(refusal.message).toContain('better 19.6 mm')
    expect(refusal.details).toEqual({ moduleMm: 10 / 49, leastWidthMm: 12.3, advisedWidthMm: 19.6 })
  })

  it('accepts the very widths that a refusal names, for every size of symbol', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (version) => {
        const matrix = { size: 17 + 4 * version }
        const details = refusalOf(() => requirePrintable(matrix, 1)).details as Record<string, number>
        expect(requirePrintable(matrix, details['leastWidthMm'] ?? 0)).toBe('small')
        expect(requirePrintable(matrix, details['advisedWidthMm'] ?? 0)).toBe('good')
        expect(checkPrintedModule(moduleMmFor(matrix, (details['leastWidthMm'] ?? 0) - 0.11))).toBe('refused')
      })
    )
  })
})

describe('size on a screen', () => {
  it('is the most whole pixels a module that fit, no more than 20', () => {
    expect(scaleForScreen({ size: 41 }, 49 * 4)).toBe(4)
    expect(scaleForScreen({ size: 41 }, 49 * 7 + 48)).toBe(7)
    expect(scaleForScreen({ size: 41 }, 10_000)).toBe(20)
  })

  it('is refused under 4 pixels a module, with the room that it takes', () => {
    const refusal = refusalOf(() => scaleForScreen({ size: 41 }, 195.9))
    expect(refusal.code).toBe('qr-too-small')
    expect(refusal.message).toContain('196 pixels')
    expect(refusal.message).toContain('has 195;')
    expect(refusal.details).toEqual({ leastPx: 196 })
    expect(refusalOf(() => scaleForScreen({ size: 41 }, Number.NaN)).code).toBe('qr-too-small')
  })
})
