/**
 * What a spreadsheet takes for a formula, and could send data away by. The apostrophe before it makes it text; one that is there
 * already gets another, so that taking one away always gives back what it was.
 */
const guarded = /^'*[=+\-@\t\r\0]/

/** At the start of a file: spreadsheets take a text without it for one of the machine's old encoding. */
export const byteOrderMark = '\ufeff'

/** One record of CSV as RFC 4180 has it, with its line break, safe to open in a spreadsheet. */
export function formatCsvLine(fields: readonly string[]): string {
  return `${fields.map(formatField).join(',')}\r\n`
}

function formatField(field: string): string {
  const text = guarded.test(field) ? `'${field}` : field
  // A spreadsheet of another locale splits at these and would find a formula behind them.
  return /[",;\t\r\n\0]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A field as it was before `formatCsvLine`, or as a spreadsheet means it. */
export function withoutFormulaGuard(field: string): string {
  return /^'+[=+\-@\t\r\0]/.test(field) ? field.slice(1) : field
}
