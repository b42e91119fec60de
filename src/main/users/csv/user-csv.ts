import { AppError } from '../../../shared/errors.ts'
import {
  importColumns,
  type ImportColumn,
  type ImportReading,
  type ImportRejection,
  type UserFields
} from '../../../shared/user.ts'
import { withoutFormulaGuard } from '../../system/csv-line.ts'
import { readRecords, type CsvRecord } from './csv-records.ts'
import { decodeText } from './csv-text.ts'
import { checkEmail, checkName, checkPhone, checkUsername, type Checked } from '../user-rules.ts'

type Delimiter = ImportReading['delimiter']
type Mapping = ImportReading['mapping']

/** One record of a file: its fields as written, or why it cannot be read. `line` is where it starts; the header is on line 1. */
export type CsvRow =
  { line: number; fields: Partial<Record<ImportColumn, string>> } | { line: number; rejection: ImportRejection }

/** A user as an import gives it. A column that the file does not have is absent, so that an update leaves it as it is. */
export type ImportedUser = { username: string } & Partial<Omit<UserFields, 'username'>>

const sampleRecords = 5

/** Names of columns, without case, spaces, underscores and hyphens. */
const synonyms: Record<ImportColumn, readonly string[]> = {
  username: ['username', 'user', 'login', 'loginname', 'userid', 'account', 'samaccountname'],
  name: ['name', 'fullname', 'displayname'],
  email: ['email', 'mail', 'emailaddress'],
  group: ['group', 'groupname'],
  phone: ['phone', 'mobile', 'telephone', 'phonenumber', 'mobilephone']
}

/**
 * How a file would be read. Throws `import-unreadable` when it is no text, or its header does not say which column is the username;
 * in the latter case the error's details are the `ImportReading` so far, for the administrator to complete.
 */
export async function detectReading(
  content: Uint8Array,
  options: { delimiter?: Delimiter } = {}
): Promise<ImportReading> {
  const { header, text, encoding, delimiter } = await openCsv(content, options.delimiter)
  const sample: string[][] = []
  let isHeader = true
  for await (const record of readRecords(text, delimiter)) {
    if (!isHeader && record.fault === undefined) sample.push(record.fields)
    isHeader = false
    if (sample.length === sampleRecords) break
  }
  const reading = { header, mapping: header.map(columnOf), delimiter, encoding, sample }
  checkMapping(reading.mapping, header, reading)
  return reading
}

/**
 * The records of a file in its order, read as `options` say or else as `detectReading` finds. Lets other work run at least every few
 * milliseconds. A line that is wrong is a rejection; where a wrong quote leaves open which lines it concerns, it is the last row.
 * Throws `import-unreadable` as `detectReading` does, and `invalid-input` for a mapping that does not fit the header.
 */
export async function* readUserCsv(
  content: Uint8Array,
  options: { delimiter?: Delimiter; mapping?: Mapping } = {}
): AsyncGenerator<CsvRow, void, undefined> {
  const { header, text, delimiter } = await openCsv(content, options.delimiter)
  const mapping = options.mapping ?? header.map(columnOf)
  checkMapping(mapping, header)
  let isHeader = true
  for await (const record of readRecords(text, delimiter)) {
    if (!isHeader) yield toRow(record, mapping)
    isHeader = false
  }
}

/** Applies the rules of a user to a record: the values to store, or a rejection for each that is wrong. What is `kept` already is right. */
export function checkUserRow(
  row: { line: number; fields: Partial<Record<ImportColumn, string>> },
  kept: Partial<Record<ImportColumn, string>> = {}
): { user: ImportedUser } | { rejections: ImportRejection[] } {
  const user: ImportedUser = { username: '' }
  const rejections: ImportRejection[] = []
  for (const column of importColumns) {
    const text = row.fields[column] ?? (column === 'username' ? '' : undefined)
    if (text === undefined) continue
    const checked = text === kept[column] ? { value: text } : rules[column](text)
    if ('value' in checked) user[column] = checked.value
    else rejections.push({ line: row.line, column, reason: checked.reason })
  }
  return rejections.length === 0 ? { user } : { rejections }
}

const rules: Record<ImportColumn, (text: string) => Checked> = {
  username: checkUsername,
  name: checkName,
  email: checkEmail,
  // Whether there is such a group, or may be, is for the import to say; here it must only be one line of text.
  group: checkName,
  phone: checkPhone
}

async function openCsv(content: Uint8Array, givenDelimiter?: Delimiter) {
  const { encoding, text } = await decodeText(content)
  const delimiter = givenDelimiter ?? detectDelimiter(text)
  for await (const { line, fields, fault } of readRecords(text, delimiter)) {
    if (fault !== undefined) {
      throw new AppError('import-unreadable', `The header on line ${line} cannot be read: it ${fault.reason}.`)
    }
    return { header: fields, text, encoding, delimiter }
  }
  throw new AppError('import-unreadable', 'The file is empty. Its first line must name the columns.')
}

/** The delimiter that the header has most of, outside its quotes; a comma when it has none. */
function detectDelimiter(text: Buffer): Delimiter {
  const counts = { ',': 0, ';': 0, '\t': 0 }
  let isQuoted = false
  for (const character of text.toString('utf8', 0, 65_536).replace(/^[\r\n]+/, '')) {
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === '\n' || character === '\r') break
    else if (character === ',' || character === ';' || character === '\t') counts[character] += 1
  }
  // Of as many, the one that titles hold the least.
  const found = (['\t', ';', ','] as const).toSorted((one, other) => counts[other] - counts[one])[0]
  return found === undefined || counts[found] === 0 ? ',' : found
}

function columnOf(title: string): ImportColumn | null {
  const name = title.toLowerCase().replace(/[\s_-]/g, '')
  return importColumns.find((column) => synonyms[column].includes(name)) ?? null
}

function checkMapping(mapping: Mapping, header: string[], reading?: ImportReading): void {
  if (mapping.length !== header.length) {
    throw new AppError(
      'invalid-input',
      `The mapping has ${mapping.length} fields, the header ${header.length}. Map every field of the header.`
    )
  }
  for (const column of importColumns) {
    const titles = header.filter((_, field) => mapping[field] === column)
    if (titles.length > 1) {
      throw new AppError(
        'import-unreadable',
        `The file has ${titles.length} columns for the ${column}: ${quoteTitles(titles)}. Leave one of them.`,
        reading
      )
    }
    if (titles.length === 0 && column === 'username') {
      throw new AppError(
        'import-unreadable',
        `The file has no column for the username; its header is ${quoteTitles(header)}.`,
        reading
      )
    }
  }
}

function quoteTitles(titles: string[]): string {
  const shown = titles.slice(0, 20).map((title) => `“${title.slice(0, 60).replace(/\p{Cc}/gu, '\ufffd')}”`)
  return shown.join(', ') + (titles.length > shown.length ? ' …' : '')
}

function toRow({ line, fields, fault }: CsvRecord, mapping: Mapping): CsvRow {
  if (fault !== undefined) {
    const column = fault.field === null ? null : (mapping[fault.field] ?? null)
    return { line, rejection: { line, column, reason: fault.reason } }
  }
  // Spreadsheets end lines with empty surplus fields; anything in them has no column to go to.
  if (fields.length < mapping.length || fields.some((field, index) => index >= mapping.length && field !== '')) {
    const counted = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`
    return { line, rejection: { line, column: null, reason: `has ${counted}; the header has ${mapping.length}` } }
  }
  const row: Partial<Record<ImportColumn, string>> = {}
  for (const [index, column] of mapping.entries()) {
    if (column !== null) row[column] = withoutFormulaGuard(fields[index] ?? '')
  }
  return { line, fields: row }
}
