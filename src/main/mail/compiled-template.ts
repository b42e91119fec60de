import type { QrImageWay } from '../../shared/transport.ts'
import type { TemplateContent } from '../../shared/template.ts'
import { readHtml, type HtmlToken } from './html-tags.ts'
import {
  escapeValue,
  findHtmlKeywords,
  findKeywords,
  type Escaping,
  type KeywordValues,
  type Word
} from './keywords.ts'

/** A text with its keywords taken out: what stands as it is, and what is filled in. */
export type Piece = string | { word: Word; escaping: Escaping }

/** A template made ready for any number of mails. Lines of `html` and `text` end in CRLF, the last one too. */
export interface CompiledTemplate {
  subject: Piece[]
  /** Null when the transport sends text alone. */
  html: Piece[] | null
  text: Piece[]
  /** Whether the HTML shows the picture as a part of the mail (`cid:`). */
  hasEmbeddedPicture: boolean
}

/** Stands for the picture's Content-ID in a compiled template; no author can write it, since a template's words are capitals. */
export const pictureWord = 'picture cid'

export async function compileTemplate(
  content: TemplateContent,
  options: { html: boolean; qrImage: QrImageWay }
): Promise<CompiledTemplate> {
  const line = content.subject.replace(/\s+/g, ' ').trim()
  const subject = split(line, findKeywords(line))
  const text = lines(content.text ?? (await generateText(content.html)))
  if (!options.html || content.html.trim() === '') {
    return { subject, html: null, text: split(text, findKeywords(text)), hasEmbeddedPicture: false }
  }
  const drawn = drawPictures(await inlineStyles(content.html), options.qrImage)
  // Without it browsers, and readers made of them, draw by rules of the nineties, which is not what a preview could show.
  const html = lines(/^\s*<!doctype/i.test(drawn.html) ? drawn.html : `<!doctype html>\n${drawn.html}`)
  return {
    subject,
    html: splitHtml(html),
    text: split(text, findKeywords(text)),
    hasEmbeddedPicture: drawn.pictures > 0 && options.qrImage !== 'linked'
  }
}

export function fillIn(pieces: readonly Piece[], values: KeywordValues): string {
  let filled = ''
  for (const piece of pieces) {
    filled += typeof piece === 'string' ? piece : escapeValue(piece.word, values[piece.word] ?? '', piece.escaping)
  }
  return filled
}

/** The plain-text part for those whose reader shows no HTML. Keywords stay in it and are filled in afterwards. */
export async function generateText(html: string): Promise<string> {
  // Loading such libraries takes a good part of a second, which no start should wait for.
  const { convert } = await import('html-to-text')
  const isShort = { uppercase: false }
  const text = convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { linkBrackets: ['<', '>'], hideLinkHrefIfSameAsText: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: isShort })),
      { selector: 'table', format: 'block' },
      // Styled away for those who see HTML, and noise for those who do not.
      { selector: '[aria-hidden=true]', format: 'skip' }
    ]
  })
  return text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n')
}

/** Mail readers keep the style of an element and drop style sheets; what only a sheet can say (dark, narrow) stays in one. */
async function inlineStyles(html: string): Promise<string> {
  if (!/<style[\s>]/i.test(html)) return html
  const { default: juice } = await import('juice')
  return juice(html, {
    preserveMediaQueries: true,
    preserveFontFaces: true,
    preserveKeyFrames: true,
    preserveImportant: true,
    removeStyleTags: true,
    applyWidthAttributes: false,
    applyHeightAttributes: false
  })
}

/** What readers that do not show the picture show in its place: the code to type. */
const alternative = 'QR code. Code to type: %CODE%'

/** Gives each picture of the QR code its text, and lets it travel as it is to. */
function drawPictures(html: string, way: QrImageWay): { html: string; pictures: number } {
  const edits: { from: number; to: number; text: string }[] = []
  let pictures = 0
  let openLinks = 0
  for (const token of readHtml(html)) {
    if (token.kind !== 'tag') continue
    if (token.name === 'a') openLinks = token.isEnd ? Math.max(0, openLinks - 1) : openLinks + 1
    const src = token.attributes.find(({ name }) => name === 'src')
    if (token.name !== 'img' || token.isEnd || !src || src.value.trim() !== 'url4') continue
    pictures++
    const isWrapped = way === 'both' && openLinks === 0
    if (isWrapped) edits.push({ from: token.from, to: token.from, text: '<a href="url4">' })
    if (way !== 'linked') edits.push({ from: src.valueFrom, to: src.valueTo, text: pictureMark(src.quote) })
    if (!token.attributes.some(({ name }) => name === 'alt')) {
      edits.push({ from: token.from + 4, to: token.from + 4, text: ` alt="${alternative}"` })
    }
    if (isWrapped) edits.push({ from: token.to, to: token.to, text: '</a>' })
  }
  let drawn = ''
  let position = 0
  for (const { from, to, text } of edits.toSorted((a, b) => a.from - b.from)) {
    drawn += html.slice(position, from) + text
    position = to
  }
  return { html: drawn + html.slice(position), pictures }
}

/** Private-use characters that no keyword has; the templates service refuses them in what people write. */
const markOpen = '\uE000'
const markClose = '\uE001'
const mark = `cid:${markOpen}${pictureWord}${markClose}`

function pictureMark(quote: string): string {
  return quote === '' ? `"${mark}"` : mark
}

function splitHtml(html: string): Piece[] {
  const tokens: HtmlToken[] = readHtml(html)
  const marks = [...html.matchAll(new RegExp(`${markOpen}${pictureWord}${markClose}`, 'g'))].map(({ index }) => ({
    word: pictureWord,
    escaping: 'attribute' as const,
    from: index,
    to: index + pictureWord.length + 2
  }))
  return split(
    html,
    [...findHtmlKeywords(html, tokens), ...marks].toSorted((a, b) => a.from - b.from)
  )
}

function split(text: string, found: readonly { word: Word; from: number; to: number; escaping?: Escaping }[]): Piece[] {
  const pieces: Piece[] = []
  let position = 0
  for (const { word, from, to, escaping = 'none' } of found) {
    if (from > position) pieces.push(text.slice(position, from))
    pieces.push({ word, escaping })
    position = to
  }
  if (position < text.length) pieces.push(text.slice(position))
  return pieces
}

/** A reader may stop at a last line that does not end. */
function lines(text: string): string {
  const normal = text.replace(/\r\n|\r|\n/g, '\r\n')
  return normal.endsWith('\r\n') ? normal : `${normal}\r\n`
}
