import { describe, expect, it } from 'vitest'
import { ariaShortcut, formatShortcut, isShortcut, type KeyPress } from '../../../src/renderer/commands/shortcuts.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held
})

describe('a shortcut', () => {
  it('means Control where there is no Command key', () => {
    expect(isShortcut(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true)
    expect(isShortcut(press('k', { metaKey: true }), 'Mod+K', false)).toBe(false)
    expect(formatShortcut('Mod+K', false)).toBe('Ctrl+K')
    expect(ariaShortcut('Mod+K', false)).toBe('Control+K')
  })

  it('means Command on a Mac', () => {
    expect(isShortcut(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true)
    expect(isShortcut(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false)
    expect(formatShortcut('Mod+K', true)).toBe('⌘K')
    expect(ariaShortcut('Mod+K', true)).toBe('Meta+K')
  })

  it('is not the key alone, nor with other keys held', () => {
    expect(isShortcut(press('k'), 'Mod+K', false)).toBe(false)
    expect(isShortcut(press('k', { ctrlKey: true, shiftKey: true }), 'Mod+K', false)).toBe(false)
    expect(isShortcut(press('k', { ctrlKey: true, altKey: true }), 'Mod+K', false)).toBe(false)
  })

  it('of a sign is the sign, on keyboards too where it needs Shift', () => {
    expect(isShortcut(press('/'), '/', false)).toBe(true)
    expect(isShortcut(press('/', { shiftKey: true }), '/', false)).toBe(true)
  })

  it('of a function key needs no other', () => {
    expect(isShortcut(press('F1'), 'F1', false)).toBe(true)
    expect(isShortcut(press('F1', { ctrlKey: true }), 'F1', false)).toBe(false)
  })
})
