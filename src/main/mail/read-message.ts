/** A message taken apart again, for people to see what will go out. Reads what this program writes: ASCII, CRLF. */
export interface ReadMessage {
  /** Decoded values, unfolded, in the order of the message. */
  headers: { name: string; value: string }[]
  html: string | null
  text: string
  attachments: { contentId: string; contentType: string; content: Buffer }[]
}

interface Part {
  headers: { name: string; value: string }[]
  body: string
}

export function readMessage(raw: Buffer): ReadMessage {
  const root = readPart(raw.toString('latin1'))
  const read: ReadMessage = {
    headers: root.headers.map(({ name, value }) => ({ name, value: decodeWords(value) })),
    html: null,
    text: '',
    attachments: []
  }
  addPart(read, root)
  return read
}

function addPart(read: ReadMessage, part: Part): void {
  const type = headerOf(part, 'content-type') ?? 'text/plain'
  const [, boundary] = /^multipart\/.*;\s*boundary="?([^";]+)"?/i.exec(type) ?? []
  if (boundary !== undefined) {
    const pieces = `\r\n${part.body}`.split(`\r\n--${boundary}`)
    for (const piece of pieces.slice(1)) {
      if (piece.startsWith('--')) break
      addPart(read, readPart(piece.replace(/^\r\n/, '')))
    }
    return
  }
  const content = decodeBody(part)
  if (/^text\/html/i.test(type)) read.html = content.toString('utf8')
  else if (/^text\/plain/i.test(type)) read.text = content.toString('utf8')
  else {
    const contentId = (headerOf(part, 'content-id') ?? '').replace(/^<|>$/g, '')
    read.attachments.push({ contentId, contentType: type.replace(/;.*$/s, '').trim(), content })
  }
}

function readPart(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
  const headers = head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .flatMap((line) => {
      const [, name, value] = /^([^:]+):[ \t]*(.*)$/s.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [{ name, value }]
    })
  return { headers, body }
}

function headerOf({ headers }: Part, wanted: string): string | undefined {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value
}

function decodeBody(part: Part): Buffer {
  const encoding = headerOf(part, 'content-transfer-encoding')?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(part.body, 'base64')
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(part.body) : Buffer.from(part.body, 'latin1')
}

function decodeQuotedPrintable(text: string): Buffer {
  const bytes = text
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

/** RFC 2047; white space between two encoded words is not part of the text, and a character may not be split over two. */
function decodeWords(value: string): string {
  // An address beyond ASCII stands as it is (RFC 6532).
  return Buffer.from(value, 'latin1')
    .toString('utf8')
    .replace(/(=\?[^?\s]+\?[BQ]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[BQ]\?)/gi, '$1')
    .replace(/=\?[^?\s]+\?([BQ])\?([^?\s]*)\?=/gi, (_all, kind: string, text: string) => {
      if (kind.toUpperCase() === 'B') return Buffer.from(text, 'base64').toString('utf8')
      return decodeQuotedPrintable(text.replace(/_/g, '=20')).toString('utf8')
    })
}
