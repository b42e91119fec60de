import { describe, expect, it } from 'vitest'
import { csvField } from '../../../../../src/renderer/csv.ts'
import { rejectedCsv } from '../../../../../src/renderer/screens/users/import/rejected-csv.ts'

describe('the rejected lines as a file', () => {
  it('have a line each, under a header', () => {
    const rejected = [
      { line: 3, column: 'email' as const, reason: 'has no “@”' },
      { line: 12, column: null, reason: 'has 2 fields; the header has 5' }
    ]
    expect(rejectedCsv(rejected)).toBe(
      '\ufeffline,column,reason\r\n3,email,has no “@”\r\n12,,"has 2 fields; the header has 5"\r\n'
    )
  })

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\0=1'])('never begin a formula: %j', (text) => {
    expect(csvField(text)).toMatch(/^"?'/)
  })

  it('quote what would break a line', () => {
    expect(csvField('contains “,” and "quotes", and\na line')).toBe('"contains “,” and ""quotes"", and\na line"')
    expect(csvField('=A1,"B"')).toBe('"\'=A1,""B"""')
    expect(csvField('plain')).toBe('plain')
  })
})
