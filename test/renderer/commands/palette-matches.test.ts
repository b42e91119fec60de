import { describe, expect, it } from 'vitest'
import { isPaletteMatch } from '../../../src/renderer/commands/palette-matches.ts'

describe('finding a command', () => {
  it.each(['', 'go', 'users', 'us g', 'GO TO', 'ü'])('matches “Go to Users (Übersicht)” by %s', (query) => {
    expect(isPaletteMatch(query, 'Go to Users (Übersicht)')).toBe(true)
  })

  it.each(['sers', 'status', 'go x'])('does not match it by %s', (query) => {
    expect(isPaletteMatch(query, 'Go to Users (Übersicht)')).toBe(false)
  })
})
