import { describe, expect, it } from 'vitest'
import { formatTable, formatTime, isoTime } from '../../../src/main/cli/table.ts'

/** Where a column begins in each line, by what stands in it. */
const positions = (lines: string[], cells: string[]) => lines.map((line, index) => line.indexOf(cells[index] ?? ''))

describe('formatTable', () => {
  it('aligns columns, with two spaces between and none at the end', () => {
    const lines = formatTable(
      ['USERNAME', 'NAME', ''],
      [
        ['ann', 'Ann O’Hara', ''],
        ['bartholomew', '', 'locked']
      ]
    )
    expect(lines).toEqual(['USERNAME     NAME', 'ann          Ann O’Hara', 'bartholomew              locked'])
  })

  it.each([
    ['山田', 4],
    ['ひらカナ', 8],
    ['ｶﾅ', 2],
    ['Ａ１', 4],
    ['한국', 4],
    ['한국'.normalize('NFD'), 4],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['a\u0308\u0323b', 2],
    ['Ω“”…', 4]
  ])('gives %s the columns it takes in a terminal: %d', (cell, columns) => {
    const [, line, ruler] = formatTable(
      ['', ''],
      [
        [cell, '|'],
        ['0123456789', '|']
      ]
    )
    expect(line).toBe(`${cell}${' '.repeat(12 - columns)}|`)
    expect(ruler).toBe('0123456789  |')
  })

  it('lets no cell move the cursor, change colours or break its line', () => {
    const [, line] = formatTable(['A', 'B'], [['x\u001b[2J\r\n\u0007\u009by\t', 'z']])
    expect(line).toBe('x\ufffd[2J\ufffd\ufffd\ufffd\ufffdy\ufffd  z')
  })

  it('is a header alone without rows', () => {
    expect(formatTable(['A', 'B'], [])).toEqual(['A  B'])
  })

  it('takes rows that are shorter or longer than the header', () => {
    expect(formatTable(['A', 'B'], [['1'], ['1', '2', '3']])).toEqual(['A  B', '1', '1  2  3'])
  })

  it('takes more rows than a function takes arguments', () => {
    const rows = Array.from({ length: 300_000 }, (_, number) => [`user${number}`, '|'])
    const lines = formatTable(['USERNAME', ''], rows)
    expect(lines).toHaveLength(300_001)
    expect(new Set(positions(lines.slice(1), Array<string>(300_000).fill('|')))).toEqual(new Set([12]))
  })
})

describe('formatTime', () => {
  it('shows the local date and time with the name of the zone', () => {
    const shown = formatTime(Date.UTC(2026, 4, 4, 9, 5))
    const local = new Date(Date.UTC(2026, 4, 4, 9, 5))
    const two = (value: number) => String(value).padStart(2, '0')
    expect(shown).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2} \S+$/)
    expect(shown.slice(0, 16)).toBe(
      `2026-05-${two(local.getDate())} ${two(local.getHours())}:${two(local.getMinutes())}`
    )
  })

  it('shows a dash for no time', () => {
    expect(formatTime(null)).toBe('—')
  })
})

describe('isoTime', () => {
  it('writes UTC, and null for no time', () => {
    expect([isoTime(Date.UTC(2026, 4, 4, 9)), isoTime(null)]).toEqual(['2026-05-04T09:00:00.000Z', null])
  })
})
