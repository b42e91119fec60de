import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridStock, stockProblem } from '../../../src/shared/sheet.ts'
import { drawTestPage } from '../../../src/main/sheets/sheet-drawing.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { findUnreadable } from '../../../src/main/sheets/read-back.ts'
import { findStock, labelsAPage, listStock, readStockTable } from '../../../src/main/sheets/stock.ts'
import { drawTestSheet, expectTrueOutlines, expectTruePages, testSubject } from '../../support/sheet-pages.ts'

const asIs = { offsetXMm: 0, offsetYMm: 0, scalePercent: 100 }

describe('the label stock', () => {
  it('lies on its pages, every part of it', () => {
    expect(readStockTable().map((stock) => [stock.part, stockProblem(stock)])).toEqual(
      readStockTable().map(({ part }) => [part, null])
    )
    expect(listStock()).toHaveLength(15)
  })

  it('is refused with the sum that does not add up', () => {
    const stock = gridStock('A4', 3, 8)
    expect(stockProblem(stock)).toBeNull()
    expect(stockProblem({ ...stock, topMm: 30 })).toMatch(/^8 rows need 30 \+ 7 × .* = .* mm, and A4 is 297 mm high\.$/)
    expect(stockProblem({ ...stock, pitchXMm: 60 })).toMatch(/would overlap by/)
    expect(stockProblem({ ...stock, widthMm: 5 })).toMatch(/is too small/)
  })

  it('is found for any text, or refused with a reason', () => {
    expect(() => findStock('A4:99x99')).toThrow(/99 × 99 labels is too fine/)
    const grid = fc
      .tuple(fc.constantFrom('', 'A4:', 'letter:', 'a5:'), fc.nat(120), fc.nat(120))
      .map(([page, columns, rows]) => `${page}${columns}x${rows}`)
    const refusals = ['stock-unknown', 'stock-invalid', 'invalid-input']
    fc.assert(
      fc.property(fc.oneof(grid, fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(labelsAPage(findStock(text))).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(refusals).toContain((error as AppError).code)
        }
      })
    )
  })

  // All the others in the long campaigns.
  it.each(['L7159', '4464', '8371', 'letter-Letter'])(
    '%s: every code of its first and last page decodes, every label lies where the table says',
    (part) => expectTruePages(part)
  )

  it.each(readStockTable().map((stock) => [stock.part, stock] as const))(
    '%s: the outlines of the test page lie where the table says',
    async (part, stock) => expectTrueOutlines(stock, await drawTestPage(findStock(part), asIs))
  )

  it('has pages that decode wholly at 150, 200, 300 and 600 dots an inch, where another text would be noticed', async () => {
    const subjects = Array.from({ length: labelsAPage(findStock('L7160')) }, (_, index) => testSubject(index))
    const { pdf, codes } = await drawTestSheet('L7160', subjects)
    for (const dotsAnInch of [150, 200, 300, 600]) {
      expect(await findUnreadable(pdf, codes, dotsAnInch, () => undefined)).toEqual([])
    }
    const wrong = codes.map((code, index) => (index === 0 ? { ...code, text: 'other' } : code))
    expect(await findUnreadable(pdf, wrong, 150, () => undefined)).toEqual([codes[0]?.username])
  })
})
