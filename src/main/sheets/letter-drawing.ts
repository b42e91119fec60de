import { AppError } from '../../shared/errors.ts'
import { fillLetter } from '../../shared/letter.ts'
import { quietZoneModules } from '../../shared/qr.ts'
import type { PageName } from '../../shared/sheet.ts'
import type { QrMatrix } from '../qr/matrix.ts'
import type { Face } from './fonts.ts'
import { drawQrWithin, groupCode, type Subject } from './label-drawing.ts'
import { millimetresAPoint, pointsAMm, type Box } from './label-layout.ts'
import { dayOf, longMoment, shortMoment } from '../system/moments.ts'
import type { PageCanvas } from './page-canvas.ts'
import { fitText, shapeText, wrapText } from './shaping.ts'

interface LetterForm {
  /** Seen through the envelope's window: DIN 5008 form B for A4, a No. 10 envelope for Letter. */
  window: Box
  /** Where the line with the sender goes, and the first line of the address. */
  senderMm: number
  addressMm: number
  leftMm: number
  rightMm: number
  bodyMm: number
  bottomMm: number
  folds: readonly number[]
}

const forms: Record<PageName, LetterForm> = {
  A4: {
    window: { xMm: 20, yMm: 45, widthMm: 85, heightMm: 45 },
    senderMm: 60,
    addressMm: 68,
    leftMm: 25,
    rightMm: 190,
    bodyMm: 103,
    bottomMm: 281,
    folds: [105, 210]
  },
  Letter: {
    window: { xMm: 22, yMm: 51, widthMm: 95, heightMm: 26 },
    senderMm: 54.5,
    addressMm: 61.5,
    leftMm: 25.4,
    rightMm: 190.5,
    bodyMm: 99,
    bottomMm: 264,
    folds: [93.1, 186.3]
  }
}

/** With its quiet zone. */
export const letterQrMm = 46
/** A crease through the code would cost modules. */
const foldClearanceMm = 3

export interface LetterWordsOfServer {
  siteId: number
  serverName: string
  text: string
  madeAtMs: number
  /** For `%VALIDITY%`. */
  validity: string
}

type Part =
  | { kind: 'qr' }
  | { kind: 'gap' }
  | { kind: 'text'; rows: string[]; face: Face; sizePt: number; indentMm: number; mark: string }

/** One letter on a page of its own. Returns where its code lies, with the quiet zone. */
export function drawLetter(
  canvas: PageCanvas,
  page: PageName,
  subject: Subject,
  matrix: QrMatrix,
  words: LetterWordsOfServer
): Box {
  const form = forms[page]
  drawAddress(canvas, form, subject, words)
  drawFoldMarks(canvas, form)
  const text = fillLetter(words.text, {
    NAME: subject.name || subject.username,
    USERNAME: subject.username,
    CODE: groupCode(subject.code),
    EXPIRES: longMoment(subject.expiresAtMs),
    VALIDITY: words.validity,
    SITEID: String(words.siteId),
    SERVER: words.serverName
  })
  for (const sizePt of [10.5, 10, 9.5, 9, 8.5, 8]) {
    const parts = partsOf(text, form, sizePt)
    if (form.bodyMm + heightOf(parts, form, sizePt) <= form.bottomMm) {
      return drawBody(canvas, form, parts, sizePt, subject, matrix, words)
    }
  }
  throw new AppError(
    'letter-too-long',
    `The letter’s text does not fit on one ${page} page, even in small type; shorten it.`
  )
}

function drawAddress(canvas: PageCanvas, form: LetterForm, subject: Subject, words: LetterWordsOfServer): void {
  const widthPt = (form.window.widthMm - (form.leftMm - form.window.xMm) - 3) * pointsAMm
  const draw = (text: string, face: Face, sizePt: number, baselineMm: number, grey = 0) => {
    const fitted = fitText(text, face, { sizePt, leastPt: 7, widthPt })
    canvas.drawText(fitted.shaped, { xMm: form.leftMm, baselineMm, sizePt: fitted.sizePt, grey })
  }
  draw(`From: ${words.serverName}`, 'regular', 7, form.senderMm, 0.35)
  const lines = [subject.name, subject.username, subject.group].filter(
    (line, index, all) => line !== '' && all.indexOf(line) === index
  )
  for (const [index, line] of lines.entries()) {
    draw(line, index === 0 ? 'bold' : 'regular', index === 0 ? 11 : 10, form.addressMm + index * 5)
  }
  const date = shapeText(dayOf(words.madeAtMs), 'regular')
  const widthMm = (date.width * 10 * millimetresAPoint) / 1000
  canvas.drawText(date, { xMm: form.rightMm - widthMm, baselineMm: form.addressMm, sizePt: 10 })
}

function drawFoldMarks(canvas: PageCanvas, form: LetterForm): void {
  for (const yMm of form.folds) canvas.drawLine(5, yMm, 9, yMm, 0.25)
}

const leading = 1.38

/** `#` begins a heading and `1.` a step; an empty line parts paragraphs. */
function partsOf(text: string, form: LetterForm, sizePt: number): Part[] {
  const roomMm = form.rightMm - form.leftMm
  return text
    .trim()
    .split(/\r\n|\n/)
    .map((line): Part => {
      const trimmed = line.trim()
      if (trimmed === '') return { kind: 'gap' }
      if (trimmed === '%QR%') return { kind: 'qr' }
      const heading = /^#\s+(.*)$/.exec(trimmed)?.[1]
      const [, mark = '', step] = /^(\d{1,2}\.|[•–-])\s+(.*)$/.exec(trimmed) ?? []
      const face = heading === undefined ? 'regular' : 'bold'
      const size = heading === undefined ? sizePt : sizePt * 1.3
      const indentMm = step === undefined ? 0 : 7
      const rows = wrapText(heading ?? step ?? trimmed, face, size, (roomMm - indentMm) * pointsAMm, Infinity)
      return { kind: 'text', rows, face, sizePt: size, indentMm, mark }
    })
}

const gapOf = (sizePt: number): number => sizePt * 0.62 * millimetresAPoint
const rowOf = (sizePt: number): number => sizePt * leading * millimetresAPoint

/** Where a block as high as the code begins, so that no fold goes through it. */
function clearOfFolds(form: LetterForm, yMm: number): number {
  const fold = form.folds.find((each) => each > yMm - foldClearanceMm && each < yMm + letterQrMm + foldClearanceMm)
  return fold === undefined ? yMm : fold + foldClearanceMm
}

function heightOf(parts: Part[], form: LetterForm, sizePt: number): number {
  let yMm = form.bodyMm
  for (const part of parts) yMm = after(part, form, sizePt, yMm)
  return yMm - form.bodyMm
}

function after(part: Part, form: LetterForm, sizePt: number, yMm: number): number {
  if (part.kind === 'gap') return yMm + gapOf(sizePt)
  if (part.kind === 'qr') return clearOfFolds(form, yMm) + letterQrMm
  return yMm + part.rows.length * rowOf(part.sizePt)
}

function drawBody(
  canvas: PageCanvas,
  form: LetterForm,
  parts: Part[],
  sizePt: number,
  subject: Subject,
  matrix: QrMatrix,
  words: LetterWordsOfServer
): Box {
  let yMm = form.bodyMm
  // The modules, not their quiet zone, stand in line with the text.
  const quietMm = (letterQrMm * quietZoneModules) / (matrix.size + 2 * quietZoneModules)
  const qr: Box = { xMm: form.leftMm - quietMm, yMm, widthMm: letterQrMm, heightMm: letterQrMm }
  for (const part of parts) {
    if (part.kind === 'qr') {
      qr.yMm = clearOfFolds(form, yMm)
      drawCodeBlock(canvas, form, qr, subject, matrix, words)
    }
    if (part.kind === 'text') {
      const baseline = (index: number) => yMm + (index * leading + 1.02) * part.sizePt * millimetresAPoint
      if (part.mark !== '') {
        canvas.drawText(shapeText(part.mark, 'regular'), {
          xMm: form.leftMm,
          baselineMm: baseline(0),
          sizePt: part.sizePt
        })
      }
      for (const [index, row] of part.rows.entries()) {
        const widthPt = (form.rightMm - form.leftMm - part.indentMm) * pointsAMm
        const fitted = fitText(row, part.face, { sizePt: part.sizePt, leastPt: 6, widthPt })
        const xMm = form.leftMm + part.indentMm
        canvas.drawText(fitted.shaped, { xMm, baselineMm: baseline(index), sizePt: fitted.sizePt })
      }
    }
    yMm = after(part, form, sizePt, yMm)
  }
  return qr
}

function drawCodeBlock(
  canvas: PageCanvas,
  form: LetterForm,
  qr: Box,
  subject: Subject,
  matrix: QrMatrix,
  { siteId }: LetterWordsOfServer
): void {
  drawQrWithin(canvas, matrix, qr)
  const xMm = qr.xMm + letterQrMm + 6
  const widthPt = (form.rightMm - xMm) * pointsAMm
  const entries: [string, string, Face, number][] = [
    ['Provision code', groupCode(subject.code), 'mono', 17],
    ['Username', subject.username, 'regular', 11],
    ['Site ID', String(siteId), 'regular', 11],
    ['Valid until', shortMoment(subject.expiresAtMs), 'regular', 11]
  ]
  let yMm = qr.yMm + 4.5
  for (const [label, value, face, sizePt] of entries) {
    canvas.drawText(shapeText(label, 'regular'), { xMm, baselineMm: yMm, sizePt: 7.5, grey: 0.35 })
    const fitted = fitText(value, face, { sizePt, leastPt: 6, widthPt })
    const dropMm = sizePt * 0.37
    canvas.drawText(fitted.shaped, { xMm, baselineMm: yMm + dropMm, sizePt: fitted.sizePt })
    yMm += dropMm + 5.6
  }
}
