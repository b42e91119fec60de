import type * as CsvParse from 'csv-parse'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { loadLate } from '../../system/late-module.ts'
import { countLineBreaks, isLineBreak } from './csv-text.ts'

/** Why a record cannot be taken: a clause that follows “line N”. `field` counts from 0 and is null for the record as a whole. */
interface CsvFault {
  field: number | null
  reason: string
  isEndOfReading: boolean
}

/** A record that is not blank, with the physical line on which it starts. */
export interface CsvRecord {
  line: number
  fields: string[]
  fault?: CsvFault
}

/** No user needs as much: it is another kind of file, or a quote that some later one closes by chance. */
const mostRecordBytes = 64 * 1024
/** A record that has not ended by then ends the reading, so that no more than this is held. */
const mostHeldBytes = 1024 * 1024
/** csv-parse takes up to 20 µs for a record of unusual length; a slice of this size can hold five hundred. */
const sliceBytes = 1024
const turnMs = 8

const csvParse = loadLate((require) => require('csv-parse') as typeof CsvParse)

/**
 * Splits UTF-8 text into records and lets other work run at least every few milliseconds. csv-parse's own recovery is not used: after
 * a wrong quote or a long record it skips good lines without a word. Told to let quotes pass, it goes on with the next line, and what
 * it let pass is found here. It takes a `\r\n` within quotes for two lines, so lines are counted here as well.
 */
export async function* readRecords(text: Buffer, delimiter: string): AsyncGenerator<CsvRecord, void, undefined> {
  const found: CsvRecord[] = []
  let start = 0
  let line = 1
  const skipBlankLines = (end: number) => {
    const from = start
    while (start < end && isLineBreak(text[start])) start += 1
    line += countLineBreaks(text, from, start)
  }
  const take = (end: number, fields: string[]) => {
    skipBlankLines(end)
    const fault = findFault(text.subarray(start, end), delimiter)
    if (fault !== undefined) found.push({ line, fields, fault })
    else if (fields.some((field) => field.trim() !== '')) found.push({ line, fields })
    line += countLineBreaks(text, start, end)
    start = end
  }
  const parser = csvParse().parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Records are taken from here, since a failing stream drops those that were not read from it yet.
    on_record: (fields: string[], { bytes }) => {
      take(bytes, fields)
      return null
    }
  })
  // `write` and `end` reject with it; without a listener it would end the process.
  parser.on('error', () => undefined)
  const write = (slice: Buffer) =>
    new Promise<void>((resolve, reject) => {
      parser.write(slice, (error) => (error ? reject(error) : resolve()))
    })
  const end = () =>
    new Promise<void>((resolve, reject) => {
      parser.once('finish', resolve).once('error', reject).end()
    })

  try {
    let turnEndsAtMs = performance.now() + turnMs
    for (let fed = 0; fed < text.length;) {
      const slice = text.subarray(fed, fed + sliceBytes)
      await write(slice)
      fed += slice.length
      skipBlankLines(fed)
      if (fed - start > mostHeldBytes) take(fed, [])
      for (const record of found.splice(0)) {
        yield record
        if (record.fault?.isEndOfReading === true) return
      }
      if (performance.now() > turnEndsAtMs) {
        await nextTurn()
        turnEndsAtMs = performance.now() + turnMs
      }
    }
    await end().catch((error: unknown) => {
      if (!(error instanceof csvParse().CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error
      take(text.length, [])
    })
    yield* found
  } finally {
    parser.destroy()
  }
}

function findFault(record: Buffer, delimiter: string): CsvFault | undefined {
  const isTooLong = record.length > mostRecordBytes
  if (!isTooLong && !record.includes('"')) return undefined
  let end = record.length
  while (isLineBreak(record[end - 1])) end -= 1
  const text = record.toString('utf8', 0, end)
  const broken = findBrokenQuote(text, delimiter)
  if (broken === null && !isTooLong) return undefined
  const { field, start, reason } = broken ?? { field: null, start: 0, reason: 'is longer than 64 KiB' }
  const isOneLine = record.length <= mostHeldBytes && !/[\r\n]/.test(text.slice(start))
  if (isOneLine) return { field, reason, isEndOfReading: false }
  // Beyond its first line nobody knows which quote was meant to close the field, so which lines are good is not guessed.
  const cause = broken === null ? reason : 'has a quote that is not closed'
  return { field, reason: `${cause}; from this line on nothing was read`, isEndOfReading: true }
}

/** The first field that RFC 4180 section 2 does not allow, and where in the record it starts. */
function findBrokenQuote(record: string, delimiter: string): { field: number; start: number; reason: string } | null {
  let start = 0
  for (let field = 0; ; field++) {
    const isQuoted = record[start] === '"'
    const afterQuotes = isQuoted ? endOfQuotes(record, start) : start
    if (afterQuotes === -1) return { field, start, reason: 'has a quote that is not closed' }
    const end = record.indexOf(delimiter, afterQuotes)
    const rest = record.slice(afterQuotes, end === -1 ? record.length : end)
    if (isQuoted && rest !== '') return { field, start, reason: 'has text after a closing quote' }
    if (rest.includes('"')) return { field, start, reason: 'has a quote in a field that does not begin with one' }
    if (end === -1) return null
    start = end + 1
  }
}

/** The position after the closing quote of a field that opens at `start`; -1 without one. */
function endOfQuotes(record: string, start: number): number {
  let close = record.indexOf('"', start + 1)
  while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2)
  return close === -1 ? -1 : close + 1
}
