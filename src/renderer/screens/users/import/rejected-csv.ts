import type { ImportRejection } from '../../../../shared/user.ts'

/** Excel takes a file without it for one in the code page of the machine. */
const byteOrderMark = '\ufeff'

/** The rejected lines as a CSV file that spreadsheets open as text: nothing in it is taken for a formula. */
export function rejectedCsv(rejected: readonly ImportRejection[]): string {
  const rows = rejected.map(({ line, column, reason }) => [String(line), column ?? '', reason])
  return (
    byteOrderMark + [['line', 'column', 'reason'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
  )
}

/** A field whose first character begins a formula gets an apostrophe before it; all are quoted where they need it. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
