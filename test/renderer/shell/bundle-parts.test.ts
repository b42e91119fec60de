import { describe, expect, it } from 'vitest'
import { bundleParts } from '../../../src/renderer/shell/bundle-parts.ts'

describe('the parts of a support bundle', () => {
  it('are all that it holds, each once', () => {
    const content = {
      made: '2026-05-04T09:00:00.000Z',
      pseudonyms: true,
      versions: { program: '0.1.0', electron: null },
      log: [{ id: 1 }, { id: 2 }],
      clockBehindMs: 0,
      newPart: {}
    }
    const parts = bundleParts(JSON.stringify(content))
    expect(parts.map(({ id, count }) => [id, count])).toEqual([
      ['about', 3],
      ['versions', 2],
      ['log', 2],
      ['newPart', 0]
    ])
    const [about, ...others] = parts.map(({ id, text }) => [id, JSON.parse(text) as object] as const)
    expect({ ...about?.[1], ...Object.fromEntries(others) }).toEqual(content)
  })
})
