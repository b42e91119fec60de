const graphemes = new Intl.Segmenter()
const zones = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })

/** Begins a letter of two columns. The halfwidth forms of Katakana and Hangul take one, as their name says. */
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u

/** Columns of a terminal that a text takes: two for wide East Asian letters and emoji, none for marks. */
function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}

/** A table for people: a header line and a line a row, columns aligned. Control characters show as �. */
export function formatTable(header: string[], rows: string[][]): string[] {
  const lines = [header, ...rows].map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, '\ufffd')))
  // No spread of all rows: there may be more than a function takes arguments.
  const widths = header.map((_, column) => lines.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0))
  return lines.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd()
  )
}

/** As `1 user` and `1,200 users`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** Local date and time with the zone's name, as `2026-05-04 17:02 CEST`. */
export function formatTime(timeMs: number | null): string {
  if (timeMs === null) return '—'
  const date = new Date(timeMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const zone = zones.formatToParts(date).find(({ type }) => type === 'timeZoneName')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())} ${zone?.value ?? ''}`.trim()
}

/** Times leave the program as ISO 8601 in UTC. */
export function isoTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString()
}
