import { Tokenizer, TokenizerMode, type Token } from 'parse5'

/** One attribute as it stands in the source; offsets are UTF-16 code units from the beginning of the document. */
export interface HtmlAttribute {
  /** In lower case. */
  name: string
  nameFrom: number
  /** As written, character references included. */
  value: string
  valueFrom: number
  valueTo: number
  quote: '"' | "'" | ''
}

export interface HtmlTag {
  kind: 'tag'
  /** In lower case. */
  name: string
  isEnd: boolean
  from: number
  to: number
  attributes: HtmlAttribute[]
}

/** `raw` is the content of `script` and `style`; `comment` also stands for `<!doctype …>` and `<?…>`. */
export interface HtmlRun {
  kind: 'text' | 'comment' | 'raw'
  from: number
  to: number
}

export type HtmlToken = HtmlTag | HtmlRun

/** What the tokenizer goes on with after such a tag; elsewhere the tree builder, which is not needed here, would tell it. */
const contentModes = new Map<string, (typeof TokenizerMode)[keyof typeof TokenizerMode]>([
  ['title', TokenizerMode.RCDATA],
  ['textarea', TokenizerMode.RCDATA],
  ['style', TokenizerMode.RAWTEXT],
  ['xmp', TokenizerMode.RAWTEXT],
  ['iframe', TokenizerMode.RAWTEXT],
  ['noembed', TokenizerMode.RAWTEXT],
  ['noframes', TokenizerMode.RAWTEXT],
  ['script', TokenizerMode.SCRIPT_DATA],
  ['plaintext', TokenizerMode.PLAINTEXT]
])

/**
 * Takes HTML apart as browsers do (HTML standard, 13.2.5), as far as it takes to know where a tag, a value, a comment and a
 * script begin and end. A tag that never ends shows nowhere, so it counts as raw; of an attribute given twice only the first counts.
 */
export function readHtml(html: string): HtmlToken[] {
  const tokens: HtmlToken[] = []
  let position = 0
  let isRaw = false
  const endRun = (to: number, kind: HtmlRun['kind'] = isRaw ? 'raw' : 'text') => {
    if (to > position) tokens.push({ kind, from: position, to })
    position = Math.max(position, to)
  }
  const push = (token: HtmlToken) => {
    endRun(token.from)
    tokens.push(token)
    position = token.to
    isRaw = false
  }
  // The tokenizer counts the end of the document as one more character.
  const pushComment = ({ location }: Token.CommentToken | Token.DoctypeToken) => {
    if (location) push({ kind: 'comment', from: location.startOffset, to: Math.min(location.endOffset, html.length) })
  }
  const pushTag = (token: Token.TagToken, isEnd: boolean) => {
    if (token.location) push(tagOf(html, token, token.location, isEnd))
  }
  let textTo = 0
  const noteText = ({ location }: Token.CharacterToken) => {
    textTo = location?.endOffset ?? textTo
  }
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag(token) {
        pushTag(token, false)
        const mode = contentModes.get(token.tagName)
        if (mode === undefined) return
        tokenizer.state = mode
        isRaw = mode !== TokenizerMode.RCDATA
      },
      onEndTag: (token) => pushTag(token, true),
      onComment: pushComment,
      onDoctype: pushComment,
      onCharacter: noteText,
      onWhitespaceCharacter: noteText,
      onNullCharacter: noteText,
      onEof: () => undefined
    }
  )
  tokenizer.write(html, true)
  endRun(textTo)
  endRun(html.length, 'raw')
  return tokens
}

function tagOf(html: string, token: Token.TagToken, location: Token.LocationWithAttributes, isEnd: boolean): HtmlTag {
  const attributes = token.attrs.flatMap(({ name }): HtmlAttribute[] => {
    const place = location.attrs?.[name]
    return place ? [attributeOf(html, name, place)] : []
  })
  return { kind: 'tag', name: token.tagName, isEnd, from: location.startOffset, to: location.endOffset, attributes }
}

/** A name may begin with an equals sign, and nothing else of one belongs to it. */
const valueStart = /^=?[^\s/>=]*(?:\s*=\s*(["']?))?/

function attributeOf(html: string, name: string, { startOffset, endOffset }: Token.Location): HtmlAttribute {
  const [start = '', quote = ''] = valueStart.exec(html.slice(startOffset, endOffset)) ?? []
  const valueFrom = startOffset + start.length
  const valueTo = quote === '' ? endOffset : Math.max(valueFrom, endOffset - 1)
  return {
    name,
    nameFrom: startOffset,
    value: html.slice(valueFrom, valueTo),
    valueFrom,
    valueTo,
    quote: quote as HtmlAttribute['quote']
  }
}

/** Attributes that hold an address, which a browser may follow or fetch. */
const addressAttributes = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'poster',
  'longdesc',
  'srcset',
  'data'
])

export function holdsAddress(attribute: HtmlAttribute): boolean {
  return addressAttributes.has(attribute.name)
}
