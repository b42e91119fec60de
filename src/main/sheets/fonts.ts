import type * as Fontkit from 'fontkit'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Font } from 'fontkit'
import { loadLate } from '../system/late-module.ts'
import { resourcesFolder } from '../system/program-folder.ts'

export const faces = ['regular', 'bold', 'mono'] as const
export type Face = (typeof faces)[number]

/** In the order in which they are asked for a letter that the face itself lacks. */
const files = {
  regular: 'NotoSans-Regular.ttf',
  bold: 'NotoSans-Bold.ttf',
  mono: 'NotoSansMono-Regular.ttf',
  arabic: 'NotoSansArabic-Regular.ttf',
  hebrew: 'NotoSansHebrew-Regular.ttf',
  thai: 'NotoSansThai-Regular.ttf',
  devanagari: 'NotoSansDevanagari-Regular.ttf',
  tamil: 'NotoSansTamil-Regular.ttf',
  bengali: 'NotoSansBengali-Regular.ttf',
  georgian: 'NotoSansGeorgian-Regular.ttf',
  armenian: 'NotoSansArmenian-Regular.ttf',
  ethiopic: 'NotoSansEthiopic-Regular.ttf',
  khmer: 'NotoSansKhmer-Regular.ttf',
  lao: 'NotoSansLao-Regular.ttf',
  malayalam: 'NotoSansMalayalam-Regular.ttf',
  gujarati: 'NotoSansGujarati-Regular.ttf',
  gurmukhi: 'NotoSansGurmukhi-Regular.ttf',
  telugu: 'NotoSansTelugu-Regular.ttf',
  kannada: 'NotoSansKannada-Regular.ttf',
  sinhala: 'NotoSansSinhala-Regular.ttf',
  myanmar: 'NotoSansMyanmar-Regular.ttf',
  oriya: 'NotoSansOriya-Regular.ttf',
  thaana: 'NotoSansThaana-Regular.ttf',
  cjk: 'NotoSansCJKsc-Regular.otf',
  emoji: 'NotoEmoji-Regular.ttf'
} as const
export type FontName = keyof typeof files

const fallbacks = (Object.keys(files) as FontName[]).filter((name) => name !== 'bold' && name !== 'mono')

const fontkit = loadLate((require) => require('fontkit') as typeof Fontkit)
const opened = new Map<FontName, Font>()

/** Opened when a letter first needs it: the largest is 6 MB. */
export function openFont(name: FontName): Font {
  const known = opened.get(name)
  if (known) return known
  const font = fontkit().create(readFileSync(path.join(resourcesFolder, 'fonts', files[name])))
  if (!('layout' in font)) throw new Error(`${files[name]} is no single font`)
  opened.set(name, font)
  return font
}

const holders = new Map<string, FontName | null>()

/** Says nothing that is seen, so any font will do for it. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u

/** The font for a letter with its marks: the face if it holds all of it, else the first that does, else null. */
export function fontFor(grapheme: string, face: Face): FontName | null {
  const key = `${face} ${grapheme}`
  const known = holders.get(key)
  if (known !== undefined) return known
  const codePoints = [...grapheme]
    .filter((letter) => !invisible.test(letter))
    .map((letter) => letter.codePointAt(0) ?? 0)
  const holds = (name: FontName) => codePoints.every((codePoint) => openFont(name).hasGlyphForCodePoint(codePoint))
  const found = holds(face) ? face : (fallbacks.find(holds) ?? null)
  if (holders.size > 50_000) holders.clear()
  holders.set(key, found)
  return found
}
