import { SaxesParser } from 'saxes'
import { AppError } from '../../shared/errors.ts'

/** An element as it was read. `text` is its own text with entities decoded, exactly as given: no white space is trimmed. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** An element to be written: its content is text (a leaf) or other elements. */
export interface XmlNode {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly content: string | readonly XmlNode[]
}

/** The protocol's own messages are four deep; the rest is room for elements that a newer app or server may add. */
const mostDepth = 8

interface ElementBeingRead extends XmlElement {
  readonly attributes: Map<string, string>
  readonly children: ElementBeingRead[]
  text: string
}

/**
 * Reads a document of which nothing is known but its root's name. Only UTF-8 without DTD, entity declarations and
 * processing instructions is accepted, and namespaces are not interpreted. Throws AppError `invalid-input`, whose
 * message never repeats the document.
 */
export function parseXml(body: string | Uint8Array, rootName: string): XmlElement {
  const text = decodeUtf8(body)
  // Refused before any parser sees it, inside comments and CDATA too: no DTD means no entity bombs and no external
  // entities, whatever a parser's defaults become.
  if (/<!\s*doctype/i.test(text)) throw refusal('it has a document type declaration')

  const parser = new SaxesParser({ xmlns: false, position: false, defaultXMLVersion: '1.0', forceXMLVersion: true })
  const open: ElementBeingRead[] = []
  let root: ElementBeingRead | undefined
  parser.on('error', () => {
    throw refusal('it is not well-formed')
  })
  parser.on('doctype', () => {
    throw refusal('it has a document type declaration')
  })
  parser.on('processinginstruction', () => {
    throw refusal('it has a processing instruction')
  })
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) throw refusal('its encoding is not UTF-8')
  })
  parser.on('opentag', (tag) => {
    const element: ElementBeingRead = {
      name: tag.name,
      attributes: new Map(Object.entries(tag.attributes)),
      children: [],
      text: ''
    }
    if (open.length === mostDepth) throw refusal('its elements are nested too deeply')
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  const appendText = (piece: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.text += piece
  }
  parser.on('text', appendText)
  parser.on('cdata', appendText)
  parser.write(text).close()

  if (root?.name !== rootName) throw refusal(`its root is not ${rootName}`)
  return root
}

/**
 * The texts of the named children, which must be leaves. Other children are ignored whatever they hold, but no child
 * may occur twice: which of two would count differs from reader to reader.
 */
export function readLeaves<Name extends string>(
  element: XmlElement,
  names: readonly Name[]
): Partial<Record<Name, string>> {
  if (element.text.trim() !== '') throw refusal('it has text between its elements')
  const seen = new Set<string>()
  const leaves: Partial<Record<Name, string>> = {}
  for (const child of element.children) {
    if (seen.has(child.name)) throw refusal('an element is repeated')
    seen.add(child.name)
    const name = names.find((candidate) => candidate === child.name)
    if (name === undefined) continue
    if (child.children.length > 0) throw refusal(`${name} holds other elements`)
    leaves[name] = child.text
  }
  return leaves
}

/** Reads a flat document: a root with leaf elements of the given names, any of which may be missing. */
export function parseXmlRecord<Name extends string>(
  body: string | Uint8Array,
  rootName: string,
  names: readonly Name[]
): Partial<Record<Name, string>> {
  return readLeaves(parseXml(body, rootName), names)
}

/** Writes elements without any white space between them and without an XML declaration. */
export function formatXml(rootName: string, children: readonly XmlNode[]): string {
  return formatNode({ name: rootName, content: children })
}

/** Like formatXml, with the declaration that says UTF-8. */
export function formatXmlDocument(rootName: string, children: readonly XmlNode[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${formatXml(rootName, children)}`
}

function formatNode({ name, attributes = {}, content }: XmlNode): string {
  const attributeText = Object.entries(attributes)
    .map(([attribute, value]) => ` ${attribute}="${escapeText(value).replace(/[\t\n]/g, escapeCharacter)}"`)
    .join('')
  const inner = typeof content === 'string' ? escapeText(content) : content.map(formatNode).join('')
  return `<${name}${attributeText}>${inner}</${name}>`
}

/** XML 1.0's Char production leaves these out, and a character reference to one is an error as well, so they are dropped. */
const forbiddenCharacters = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

function escapeText(text: string): string {
  // A bare carriage return would be read back as a line feed (XML 1.0, 2.11).
  return text.replace(forbiddenCharacters, '').replace(/[&<>"'\r]/g, escapeCharacter)
}

const namedEntities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeCharacter(character: string): string {
  return namedEntities[character] ?? `&#${character.charCodeAt(0)};`
}

function decodeUtf8(body: string | Uint8Array): string {
  if (typeof body === 'string') {
    if (!body.isWellFormed()) throw refusal('its encoding is not UTF-8')
    return body.replace(/^\u{FEFF}/u, '')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw refusal('its encoding is not UTF-8')
  }
}

function refusal(reason: string): AppError {
  return new AppError('invalid-input', `This XML cannot be accepted because ${reason}.`)
}
