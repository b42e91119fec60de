/** Excel takes a file without it for one in the code page of the machine. */
const byteOrderMark = '\ufeff'

/** Records as a CSV file that spreadsheets open as text: nothing in it is taken for a formula. */
export function csvText(records: readonly (readonly string[])[]): string {
  return byteOrderMark + records.map((record) => `${record.map(csvField).join(',')}\r\n`).join('')
}

/** A field whose first character begins a formula gets an apostrophe before it; all are quoted where they need it, whatever the delimiter is. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text
  // A spreadsheet of another locale splits at a semicolon or tab, and would find a formula behind it.
  return /[",;\t\r\n\0]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
