/** A mail address in a text that somebody else wrote, such as a mail server's answer. */
const mailAddress = /[^\s<>()[\]"'`,;:=]+@([^\s<>()[\]"'`,;:]+)/g

/** Folders that are named after an account. */
const homeFolder = /(\/home\/|\/Users\/|\\Users\\)[^/\\]+/g

/** Says which mail domain it was and not whose mailbox. */
export function withoutMailboxes(text: string): string {
  return text.replace(mailAddress, '…@$1')
}

export function withoutPeople(text: string): string {
  return text.replace(mailAddress, '…').replace(homeFolder, '$1…')
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
