import { expect, it } from 'vitest'
import { csvField } from '../../src/renderer/csv.ts'

it.each(['Bob;=1+1', 'Bob\t=1+1', '\r=1+1', '=1;2', '\0x'])(
  'a saved list quotes what a spreadsheet of another locale would split: %j',
  (text) => expect(csvField(text)).toMatch(/^"[^=+\-@\t\r\0]/)
)
