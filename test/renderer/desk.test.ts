import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readPreference, writePreference } from '../../src/renderer/desk.ts'

/** As much of a browser's storage as is asked here. */
function createStorage(kept = new Map<string, string>()) {
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value)
  }
}

function createDesktop(kept = new Map<string, string>()) {
  return {
    kept,
    readPreference: (name: string) => kept.get(name) ?? null,
    writePreference: (name: string, value: string) => void kept.set(name, value)
  }
}

let storage = createStorage()

beforeEach(() => {
  storage = createStorage()
  vi.stubGlobal('window', {})
  vi.stubGlobal('localStorage', storage)
})
afterEach(() => vi.unstubAllGlobals())

describe('preferences', () => {
  it('are kept by the desktop application where there is one, and not in the page', () => {
    const desktop = createDesktop()
    vi.stubGlobal('window', { provisionDesktop: desktop })
    writePreference('theme', 'dark')
    expect(readPreference('theme')).toBe('dark')
    expect([...desktop.kept]).toEqual([['theme', 'dark']])
    expect(storage.kept.size).toBe(0)
  })

  it('still count where an earlier version left them in the page, until another is chosen', () => {
    storage.setItem('provision-console.theme', 'light')
    vi.stubGlobal('window', { provisionDesktop: createDesktop() })
    expect(readPreference('theme')).toBe('light')
    writePreference('theme', 'dark')
    expect(readPreference('theme')).toBe('dark')
  })

  it('are kept by the page in a browser, and only last as long as the page where storage is switched off', () => {
    writePreference('columns', 'a b')
    expect(readPreference('columns')).toBe('a b')
    vi.stubGlobal('localStorage', undefined)
    expect(() => writePreference('columns', 'a')).not.toThrow()
    expect(readPreference('columns')).toBeNull()
  })
})
