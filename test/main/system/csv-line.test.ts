import { describe, expect, it } from 'vitest'
import { formatCsvLine, withoutFormulaGuard } from '../../../src/main/system/csv-line.ts'

const hostile = ['Bob;=1+1', 'Bob\t=1+1', '\r=1+1', '=1+1', '\t=1', '\0=1', '-1', '@x']

describe('a field of CSV', () => {
  it.each(hostile)('holds no formula, whichever delimiter a spreadsheet splits at: %j', (field) => {
    const line = formatCsvLine([field])
    const cell = line.slice(0, -2)
    const isQuoted = cell.startsWith('"') && cell.endsWith('"')
    if (/[;\t\r]/.test(field)) expect(isQuoted).toBe(true)
    expect(isQuoted ? cell.slice(1, -1) : cell).not.toMatch(/^[=+\-@\t\r\0]/)
  })

  it.each([...hostile, "'=1", 'plain', "'"])('is read back as it was: %j', (field) => {
    const cell = formatCsvLine([field]).slice(0, -2)
    expect(withoutFormulaGuard(cell.replace(/^"(.*)"$/s, '$1'))).toBe(field)
  })
})
