import bidiFactory from 'bidi-js'
import type { Glyph } from 'fontkit'
import { fontFor, openFont, type Face, type FontName } from './fonts.ts'

/** Glyphs of one font from left to right. Distances are thousandths of the size of the letters, as PDF has them. */
export interface GlyphRun {
  font: FontName
  glyphs: Glyph[]
  /** From each glyph's origin to the next one's; absent where every glyph has its own width. */
  placing?: { advance: number; width: number; xOffset: number; yOffset: number }[]
}

export interface ShapedText {
  runs: GlyphRun[]
  /** In thousandths of the size of the letters. */
  width: number
  /** Whether a letter had no font and shows as �. */
  isUndrawn: boolean
  /** Whether the font could not place the marks of some letter, so that it is drawn without them. */
  isWithoutMarks: boolean
}

/** Scripts in which a letter is a glyph, one after the other from the left: nearly all there is, and quick. */
const plain =
  /^(?:[\x20-\x7e\u00a0-\u024f\u0370-\u052f\u1e00-\u1fff\u2010-\u2026\u2030-\u205e\u2190-\u2193\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e])*$/

/** Blanks between the words of a script belong to none; the usual face has them. */
const blank = /^[\x20\u00a0]$/
const undrawn = '\ufffd'

const graphemes = new Intl.Segmenter()
const bidi = bidiFactory()

interface Letter {
  glyph: Glyph
  font: FontName
  width: number
  isUndrawn: boolean
}

const letters: Record<Face, Map<string, Letter>> = { regular: new Map(), bold: new Map(), mono: new Map() }

function letterOf(letter: string, face: Face): Letter {
  const known = letters[face].get(letter)
  if (known) return known
  const holder = fontFor(letter, face)
  const font = holder ?? 'regular'
  const glyph = openFont(font).glyphForCodePoint((holder ? letter : undrawn).codePointAt(0) ?? 0)
  const found = { glyph, font, width: (glyph.advanceWidth * 1000) / openFont(font).unitsPerEm, isUndrawn: !holder }
  letters[face].set(letter, found)
  return found
}

/** Letters as glyphs, in the order and the forms in which they are drawn from left to right. */
export function shapeText(text: string, face: Face): ShapedText {
  const composed = text.normalize('NFC')
  return plain.test(composed) ? shapePlain(composed, face) : shapeAny(composed, face)
}

function shapePlain(text: string, face: Face): ShapedText {
  const runs: GlyphRun[] = []
  let width = 0
  let isUndrawn = false
  let last: GlyphRun | undefined
  for (const character of text) {
    const letter = letterOf(character, face)
    if (last?.font !== letter.font) {
      last = { font: letter.font, glyphs: [] }
      runs.push(last)
    }
    last.glyphs.push(letter.glyph)
    width += letter.width
    if (letter.isUndrawn) isUndrawn = true
  }
  return { runs, width, isUndrawn, isWithoutMarks: false }
}

interface Piece {
  text: string
  font: FontName
  level: number
}

/** By Unicode's bidirectional algorithm (UAX 9), each piece shaped as its script asks. */
function shapeAny(text: string, face: Face): ShapedText {
  const embedding = bidi.getEmbeddingLevels(text, 'auto')
  const mirrored = bidi.getMirroredCharactersMap(text, embedding.levels)
  const pieces: Piece[] = []
  let isUndrawn = false
  for (const { segment, index } of graphemes.segment(text)) {
    const level = embedding.levels[index] ?? 0
    const last = pieces.at(-1)
    const shown = mirrored.get(index) ?? segment
    const isBlank = blank.test(shown)
    const found = isBlank ? face : fontFor(shown, face)
    isUndrawn ||= found === null
    const [drawn, font] = found === null ? [undrawn, 'regular' as const] : [shown, found]
    if (last?.font === font && last.level === level) last.text += drawn
    else pieces.push({ text: drawn, font, level })
  }
  const runs = inVisualOrder(pieces).map(shapePiece)
  return {
    runs: runs.map(({ run }) => run),
    width: runs.reduce((sum, { width }) => sum + width, 0),
    isUndrawn,
    isWithoutMarks: runs.some((shaped) => shaped.isWithoutMarks)
  }
}

/** Rule L2: from the highest level down, every stretch of that level or more is turned round. */
function inVisualOrder(pieces: Piece[]): Piece[] {
  const ordered = [...pieces]
  const highest = Math.max(0, ...pieces.map(({ level }) => level))
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start
      while (end < ordered.length && (ordered[end]?.level ?? 0) >= level) end++
      if (end > start + 1) ordered.splice(start, end - start, ...ordered.slice(start, end).toReversed())
      start = Math.max(start, end)
    }
  }
  return ordered
}

interface ShapedPiece {
  run: GlyphRun
  width: number
  isWithoutMarks: boolean
}

/**
 * The shaper gives up on some rare sequences of marks (a tilde overlay below another mark, for one). A name must not keep a
 * whole sheet from being made: it is then drawn without its marks, and where that fails too, letter by letter.
 */
function shapePiece(piece: Piece): ShapedPiece {
  const bare = piece.text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
  return layOut(piece) ?? layOut({ ...piece, text: bare }, true) ?? letterByLetter({ ...piece, text: bare })
}

function layOut({ text, font: name, level }: Piece, isWithoutMarks = false): ShapedPiece | null {
  const font = openFont(name)
  const scale = 1000 / font.unitsPerEm
  let run: ReturnType<typeof font.layout>
  try {
    run = font.layout(text, undefined, undefined, undefined, level % 2 === 1 ? 'rtl' : 'ltr')
  } catch {
    return null
  }
  const placing = run.positions.map(({ xAdvance, xOffset, yOffset }, index) => ({
    advance: xAdvance * scale,
    width: (run.glyphs[index]?.advanceWidth ?? 0) * scale,
    xOffset: xOffset * scale,
    yOffset: yOffset * scale
  }))
  const width = placing.reduce((sum, { advance }) => sum + advance, 0)
  return { run: { font: name, glyphs: run.glyphs, placing }, width, isWithoutMarks }
}

function letterByLetter({ text, font: name, level }: Piece): ShapedPiece {
  const font = openFont(name)
  const codePoints = [...text].map((letter) => letter.codePointAt(0) ?? 0)
  if (level % 2 === 1) codePoints.reverse()
  const glyphs = codePoints.map((codePoint) => font.glyphForCodePoint(codePoint))
  const width = glyphs.reduce((sum, { advanceWidth }) => sum + (advanceWidth * 1000) / font.unitsPerEm, 0)
  return { run: { font: name, glyphs }, width, isWithoutMarks: true }
}

/** A text that fits into a width: made smaller, then cut with an ellipsis. Widths and sizes are points. */
export function fitText(
  text: string,
  face: Face,
  { sizePt, leastPt, widthPt }: { sizePt: number; leastPt: number; widthPt: number }
): { shaped: ShapedText; sizePt: number } {
  const whole = shapeText(text, face)
  const fitting = (widthPt * 1000) / Math.max(1, whole.width)
  if (fitting >= leastPt) return { shaped: whole, sizePt: Math.min(sizePt, fitting) }
  return { shaped: cutText(text, face, (widthPt * 1000) / leastPt), sizePt: leastPt }
}

function cutText(text: string, face: Face, mostWidth: number): ShapedText {
  const clusters = Array.from(graphemes.segment(text), ({ segment }) => segment)
  let [fits, over] = [0, clusters.length]
  let best = shapeText('…', face)
  while (over - fits > 1) {
    const middle = (fits + over) >> 1
    const shaped = shapeText(`${clusters.slice(0, middle).join('').trimEnd()}…`, face)
    if (shaped.width <= mostWidth) [fits, best] = [middle, shaped]
    else over = middle
  }
  return best
}

/** Words put into rows of a width; the last of at most `mostRows` takes what is left, to be fitted or cut. */
export function wrapText(text: string, face: Face, sizePt: number, widthPt: number, mostRows: number): string[] {
  const rows: string[] = []
  let row = ''
  for (const word of text.split(/ +/)) {
    const longer = row === '' ? word : `${row} ${word}`
    const isFull = row !== '' && (shapeText(longer, face).width * sizePt) / 1000 > widthPt
    if (isFull && rows.length < mostRows - 1) {
      rows.push(row)
      row = word
    } else row = longer
  }
  if (row !== '') rows.push(row)
  return rows
}
