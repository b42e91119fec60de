import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createPreferences,
  putAsideBrokenPreferences,
  rememberedTheme,
  type Preferences
} from '../../../src/main/app/preferences.ts'
import { createTestFolder, createTestLog } from '../../support/console.ts'

const usual = {
  window: { bounds: { x: 1, y: 2, width: 900, height: 600 }, isMaximized: false },
  desk: { theme: 'dark' }
}

function createStore(stored: unknown = {}) {
  const written: Preferences[] = []
  return { written, store: stored, set: (values: Preferences) => void written.push(values) }
}

describe('putAsideBrokenPreferences', () => {
  it.each([
    ['cut off', '{"window":'],
    ['empty', ''],
    ['a list', '[]'],
    ['of wrong types', '{"window":{"bounds":{"x":"left"}}}'],
    ['full of somebody else’s data', JSON.stringify({ desk: { x: 'x'.repeat(20_000) } })]
  ])('keeps a file that is %s under another name', (_what, text) => {
    const folder = createTestFolder()
    const file = path.join(folder, 'preferences.json')
    writeFileSync(file, text)
    const log = createTestLog()
    putAsideBrokenPreferences(file, log)
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(path.join(folder, 'preferences.broken.json'), 'utf8')).toBe(text)
    expect(log.lines[0]).toContain('put aside')
  })

  it('leaves a usable file, and a missing one', () => {
    const folder = createTestFolder()
    const file = path.join(folder, 'preferences.json')
    putAsideBrokenPreferences(file, createTestLog())
    expect(readdirSync(folder)).toEqual([])
    writeFileSync(file, JSON.stringify(usual))
    putAsideBrokenPreferences(file, createTestLog())
    expect(readdirSync(folder)).toEqual(['preferences.json'])
  })
})

describe('createPreferences', () => {
  it('reads what was stored, and the shipped ones where that is unusable', () => {
    expect(createPreferences(createStore(usual), createTestLog()).read()).toEqual(usual)
    expect(createPreferences(createStore({ window: 5 }), createTestLog()).read()).toEqual({ window: null, desk: {} })
  })

  it('stores a change beside the rest', () => {
    const store = createStore(usual)
    const preferences = createPreferences(store, createTestLog())
    preferences.change({ desk: { columns: 'a,b' } })
    expect(store.written).toEqual([{ ...usual, desk: { columns: 'a,b' } }])
    expect(preferences.read().desk).toEqual({ columns: 'a,b' })
  })

  it('refuses more than a page needs, and goes on', () => {
    const store = createStore(usual)
    const log = createTestLog()
    const preferences = createPreferences(store, log)
    preferences.change({ desk: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`k${index}`, ''])) })
    expect(preferences.read()).toEqual(usual)
    expect(store.written).toEqual([])
    expect(log.lines).toHaveLength(1)
  })

  it('goes on where the disk refuses', () => {
    const log = createTestLog()
    const store = {
      store: usual,
      set: () => {
        throw new Error('ENOSPC')
      }
    }
    const preferences = createPreferences(store, log)
    preferences.change({ desk: { theme: 'light' } })
    expect(preferences.read().desk).toEqual({ theme: 'light' })
    expect(log.lines[0]).toContain('could not be saved')
  })
})

describe('rememberedTheme', () => {
  it('is that of the system until a known one is chosen', () => {
    const themeOf = (desk: Preferences['desk']) => rememberedTheme({ window: null, desk })
    expect([themeOf({}), themeOf({ theme: 'dark' }), themeOf({ theme: 'neon' })]).toEqual(['system', 'dark', 'system'])
  })
})
