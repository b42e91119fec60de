/** A mail address in a text that somebody else wrote, such as a mail server's answer. */
const mailAddress = /[^\s<>()[\]"'`,;:=]+@([^\s<>()[\]"'`,;:]+)/g

/** A file's whole path, as people or systems write one: its folders are named after accounts, customers and machines. */
const filePath =
  /(?<![\p{L}\p{N}:/\\])(?:[A-Za-z]:[\\/]|\\\\|\/(?=[^\s/]+\/))[^\s"'`,;<>|]*(?:(?: [^\s"'`,;<>|]*)*[\\/][^\s"'`,;<>|]*)?/gu

export function withoutPaths(text: string): string {
  return text.replace(filePath, '(path)')
}

/** Says which mail domain it was and not whose mailbox. */
export function withoutMailboxes(text: string): string {
  return text.replace(mailAddress, '…@$1')
}

export function withoutPeople(text: string): string {
  return withoutPaths(text.replace(mailAddress, '…'))
}

/** The code of a mail server's answer; its words may name whom the mail was for. */
export function replyCode(text: string): string {
  return /^\d{3}( \d\.\d{1,3}\.\d{1,3})?\b/.exec(text)?.[0] ?? '…'
}

/** Does it to every text within. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, map)]))
}
