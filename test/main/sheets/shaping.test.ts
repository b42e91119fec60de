import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sheetLines } from '../../../src/shared/sheet.ts'
import { layoutLabel, millimetresAPoint, placeLines, pointsAMm } from '../../../src/main/sheets/label-layout.ts'
import { fitText, shapeText, wrapText } from '../../../src/main/sheets/shaping.ts'
import { readStockTable } from '../../../src/main/sheets/stock.ts'

const words = [
  'محمد الفارسي',
  'דנה כהן',
  'नरेन्द्र',
  'สมชาย ใจดี',
  '山田 太郎',
  '김민준',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  'Wolfeschlegel',
  'ﷺ',
  '𒐫'
]
const names = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 40 }).map((parts) => parts.join(' ').slice(0, 200))
)
const stocks = fc.constantFrom(...readStockTable())

it('keeps every name, of any script and length, within the width beside its code', () => {
  fc.assert(
    fc.property(names, stocks, (name, stock) => {
      const widthPt = layoutLabel(stock).text.widthMm * pointsAMm
      for (const { line, style } of placeLines(sheetLines, layoutLabel(stock).text.heightMm).placed) {
        const face = line === 'name' ? 'bold' : line === 'code' ? 'mono' : 'regular'
        const rows = style.mostRows === 1 ? [name] : wrapText(name, face, style.sizePt, widthPt, style.mostRows)
        expect(rows.length).toBeLessThanOrEqual(style.mostRows)
        for (const row of rows) {
          const { shaped, sizePt } = fitText(row, face, { ...style, widthPt })
          expect((shaped.width * sizePt) / 1000).toBeLessThanOrEqual(widthPt + 0.001)
          expect(sizePt).toBeGreaterThanOrEqual(style.leastPt)
        }
      }
    }),
    { numRuns: 40 }
  )
})

it('keeps the lines of every stock within the height of the label, and the words off the code', () => {
  for (const stock of readStockTable()) {
    const { qr, text, isTextCentred } = layoutLabel(stock)
    const { placed } = placeLines(sheetLines, text.heightMm)
    const heightPt = placed.reduce((sum, { style }) => sum + style.leadingPt * style.mostRows, 0)
    expect(heightPt * millimetresAPoint).toBeLessThanOrEqual(text.heightMm + 0.001)
    if (isTextCentred) expect(text.yMm).toBeGreaterThanOrEqual(qr.yMm + qr.heightMm)
    else expect(text.xMm).toBeGreaterThanOrEqual(qr.xMm + qr.widthMm)
    expect(text.xMm + text.widthMm).toBeLessThanOrEqual(stock.widthMm)
    expect(text.yMm + text.heightMm).toBeLessThanOrEqual(stock.heightMm)
  }
})

it('ends with an ellipsis where a name is cut', () => {
  const { shaped } = fitText('Wolfeschlegelsteinhausen '.repeat(8), 'bold', { sizePt: 10, leastPt: 6, widthPt: 80 })
  expect(shaped.runs.at(-1)?.glyphs.at(-1)?.id).toBe(shapeText('…', 'bold').runs[0]?.glyphs[0]?.id)
})

/** A letter with marks above, below and through it, of which the shaper cannot place all. */
const unplaceable = 'g\u0335\u0319\u0308'

it('draws a name without its marks where the font cannot place them, and says so', () => {
  const whole = shapeText(`An${unplaceable}ela`, 'bold')
  expect(whole.isWithoutMarks).toBe(true)
  expect(whole.isUndrawn).toBe(false)
  const glyphs = (text: string) => shapeText(text, 'bold').runs.flatMap(({ glyphs: own }) => own.map(({ id }) => id))
  expect(glyphs(`An${unplaceable}ela`)).toEqual(glyphs('Angela'))
  expect(shapeText('Dvořák Đặng', 'bold').isWithoutMarks).toBe(false)
})

it.each([
  ['Tamil', 'தமிழ்'],
  ['Bengali', 'বাংলা'],
  ['Georgian', 'ქართული'],
  ['Armenian', 'Հայերեն'],
  ['Ethiopic', 'አማርኛ'],
  ['Khmer', 'ខ្មែរ'],
  ['Lao', 'ລາວ'],
  ['Malayalam', 'മലയാളം'],
  ['Gujarati', 'ગુજરાતી'],
  ['Gurmukhi', 'ਪੰਜਾਬੀ'],
  ['Telugu', 'తెలుగు'],
  ['Kannada', 'ಕನ್ನಡ'],
  ['Sinhala', 'සිංහල'],
  ['Burmese', 'မြန်မာ'],
  ['Odia', 'ଓଡ଼ିଆ'],
  ['Thaana', 'ދިވެހި']
])('has a font for %s', (_script, name) => {
  const { isUndrawn, isWithoutMarks, width } = shapeText(name, 'bold')
  expect({ isUndrawn, isWithoutMarks }).toEqual({ isUndrawn: false, isWithoutMarks: false })
  expect(width).toBeGreaterThan(0)
})

const marks = fc.integer({ min: 0x0300, max: 0x036f }).map((codePoint) => String.fromCodePoint(codePoint))
const letterWithMarks = fc
  .tuple(
    fc.constantFrom('g', 'a', 'I', 'ß', 'ł', 'Ω', 'ж', 'ع', 'א', 'ก', 'न', 'த', 'ক', 'ম', 'ខ', 'ལ', 'か', '가', '👍'),
    fc.array(fc.oneof(marks, fc.constantFrom('\u0e31', '\u093f', '\u0651', '\u20dd', '\u1ab0', '\u200d', '\ufe0f')), {
      maxLength: 8
    })
  )
  .map(([letter, own]) => letter + own.join(''))

it('never fails, whatever marks letters of any script bear', () => {
  fc.assert(
    fc.property(
      fc.array(letterWithMarks, { maxLength: 12 }),
      fc.constantFrom('regular', 'bold', 'mono'),
      (parts, face) => {
        const { width, runs } = shapeText(parts.join(''), face)
        expect(Number.isFinite(width)).toBe(true)
        for (const { glyphs, placing } of runs) expect(placing?.length ?? glyphs.length).toBe(glyphs.length)
      }
    ),
    { numRuns: 1500 }
  )
})
