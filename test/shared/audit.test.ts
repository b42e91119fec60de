import { describe, expect, it } from 'vitest'
import { breakOf } from '../../src/shared/audit.ts'

const head = { id: 3, mac: 'x', atMs: 0 }

describe('what is wrong with a log', () => {
  it('is told apart: a broken row, an end cut off, another row than was kept', () => {
    expect(breakOf({ rows: 3, brokenRow: null, head, keptHead: 'none' })).toBeNull()
    expect(breakOf({ rows: 9, brokenRow: 4, head, keptHead: 'none' })).toBe('broken')
    expect(breakOf({ rows: 3, brokenRow: 4, head, keptHead: 'missing' })).toBe('cutOff')
    expect(breakOf({ rows: 3, brokenRow: 2, head, keptHead: 'differs' })).toBe('differs')
  })

  it('is a broken row also where the search ended before the kept head', () => {
    expect(breakOf({ rows: 9, brokenRow: 4, head, keptHead: 'missing' })).toBe('broken')
    expect(breakOf({ rows: 9, brokenRow: 1, head: null, keptHead: 'missing' })).toBe('broken')
  })
})
