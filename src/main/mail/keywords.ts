import { assertNever } from '../../shared/errors.ts'
import { templateWords, urlKeywords, type TemplateKind } from '../../shared/template.ts'
import { percentEncode } from '../../shared/provision-url.ts'
import { holdsAddress, readHtml, type HtmlTag, type HtmlToken } from './html-tags.ts'

/** What a keyword is called without percent signs: `url4`, `NAME`. */
export type Word = string

/** What each keyword becomes in one mail. Values hold no line breaks. */
export type KeywordValues = Readonly<Record<Word, string>>

/**
 * How a value is written where its keyword stands: as it is, as HTML text, in an attribute (quoted or not), as part of an
 * address in an attribute, or nowhere (inside a script, a style or the name of a tag, where no escaping helps).
 */
export type Escaping = 'none' | 'text' | 'attribute' | 'address' | 'nowhere'

export interface Found {
  word: Word
  from: number
  to: number
}

export interface FoundInHtml extends Found {
  escaping: Escaping
  /** Whether an address begins with it. */
  beginsAddress: boolean
}

// `curl4u` is a word of its own. `%E2%80%93` is part of an address, not a keyword: two hexadecimal digits never are one.
const keywordPattern = /(?<![\p{L}\p{N}_])url[1-4](?![\p{L}\p{N}_])|%(?![0-9A-F]{2}%)([A-Z][A-Z0-9_]*)%/gu

/** Every keyword in a text, unknown `%WORDS%` included. */
export function findKeywords(text: string): Found[] {
  return [...text.matchAll(keywordPattern)].map((match) => ({
    word: match[1] ?? match[0],
    from: match.index,
    to: match.index + match[0].length
  }))
}

/** Every keyword in an HTML document, each with the way its value has to be written there. */
export function findHtmlKeywords(html: string, tokens: HtmlToken[] = readHtml(html)): FoundInHtml[] {
  const found = findKeywords(html)
  const result: FoundInHtml[] = []
  let index = 0
  for (const one of found) {
    while (index < tokens.length && (tokens[index]?.to ?? 0) <= one.from) index++
    const token = tokens[index]
    result.push({ ...one, ...placeOf(one, token) })
  }
  return result
}

function placeOf(found: Found, token: HtmlToken | undefined): Pick<FoundInHtml, 'escaping' | 'beginsAddress'> {
  const place = (escaping: Escaping, beginsAddress = false) => ({ escaping, beginsAddress })
  if (!token) return place('text')
  switch (token.kind) {
    case 'text':
      return place('text')
    // Outlook reads the markup in some comments, and a value must not end any.
    case 'comment':
      return place('attribute')
    case 'raw':
      return place('nowhere')
    case 'tag': {
      const attribute = attributeAt(token, found)
      if (!attribute) return place('nowhere')
      if (attribute.name === 'style' || attribute.name.startsWith('on')) return place('nowhere')
      if (!holdsAddress(attribute)) return place('attribute')
      return place('address', attribute.value.slice(0, found.from - attribute.valueFrom).trim() === '')
    }
    default:
      return assertNever(token)
  }
}

function attributeAt(tag: HtmlTag, { from, to }: Found): HtmlTag['attributes'][number] | undefined {
  return tag.attributes.find(({ valueFrom, valueTo }) => from >= valueFrom && to <= valueTo)
}

export function isAddressWord(word: Word): boolean {
  return urlKeywords.some((url) => url === word) || word === 'LINK' || word === 'APPLINK'
}

export function isKnownWord(kind: TemplateKind, word: Word): boolean {
  if (urlKeywords.some((url) => url === word)) return kind === 'code'
  return (templateWords[kind] as readonly string[]).includes(word)
}

const textEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A value as it has to be written in a place; always on one line, whatever it once was. */
export function escapeValue(word: Word, given: string, escaping: Escaping): string {
  const value = given.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
  switch (escaping) {
    case 'none':
      return value
    case 'text':
      return value.replace(/[&<>"']/g, (character) => textEscapes[character] ?? '')
    case 'attribute':
      return escapeAttribute(value)
    case 'address':
      return escapeAttribute(isAddressWord(word) ? value : percentEncode(value.toWellFormed()))
    case 'nowhere':
      return ''
    default:
      return assertNever(escaping)
  }
}

/** Safe in quotes, without any, and in a comment: white space, `=`, `` ` `` and `-` would end or change an unquoted value or a comment. */
function escapeAttribute(value: string): string {
  return value.replace(/[&<>"'`\s]|--/g, (character) =>
    character === '--' ? '-&#45;' : (textEscapes[character] ?? `&#${character.codePointAt(0)};`)
  )
}
