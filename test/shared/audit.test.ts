import { describe, expect, it } from 'vitest'
import { breakOf } from '../../src/shared/audit.ts'

const head = { id: 3, mac: 'x', atMs: 0 }

describe('what is wrong with a log', () => {
  it('is told apart: a broken row, an end cut off, another row than was kept', () => {
    expect(breakOf({ rows: 3, brokenRow: null, head, checkpoint: null, keptHead: 'none' })).toBeNull()
    expect(breakOf({ rows: 9, brokenRow: 4, head, checkpoint: null, keptHead: 'none' })).toBe('broken')
    expect(breakOf({ rows: 3, brokenRow: 4, head, checkpoint: null, keptHead: 'missing' })).toBe('cutOff')
    expect(breakOf({ rows: 3, brokenRow: 2, head, checkpoint: null, keptHead: 'differs' })).toBe('differs')
  })

  it('is a broken row also where the search ended before the kept head', () => {
    expect(breakOf({ rows: 9, brokenRow: 4, head, checkpoint: null, keptHead: 'missing' })).toBe('broken')
    expect(breakOf({ rows: 9, brokenRow: 1, head: null, checkpoint: null, keptHead: 'missing' })).toBe('broken')
  })

  it('is an end cut off also where the beginning was cut off by policy', () => {
    const checkpoint = { id: 2, mac: 'y', atMs: 0, cutAtMs: 1 }
    expect(breakOf({ rows: 1, brokenRow: 4, head, checkpoint, keptHead: 'missing' })).toBe('cutOff')
    expect(breakOf({ rows: 7, brokenRow: 4, head, checkpoint, keptHead: 'missing' })).toBe('broken')
  })
})
