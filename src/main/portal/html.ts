/** A piece of HTML that is what it is; a text beside it is only ever text. */
export class Html {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

type Piece = string | number | Html | readonly Html[]

/** Composes HTML: what is put in is escaped for text and for quoted attributes alike, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  let source = strings[0] ?? ''
  for (const [index, piece] of pieces.entries()) source += sourceOf(piece) + (strings[index + 1] ?? '')
  return new Html(source)
}

export const nothing = new Html('')

function sourceOf(piece: Piece): string {
  if (piece instanceof Html) return piece.source
  if (typeof piece === 'object') return piece.map(({ source }) => source).join('')
  return escapeHtml(String(piece))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
