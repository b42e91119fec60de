import { describe, expect, it } from 'vitest'
import { forScheme } from '../../../src/renderer/mail/preview-document.ts'

describe('a mail looked at in the dark', () => {
  const css = '@media (prefers-color-scheme: dark) { a { color: red } } @media ( Prefers-Color-Scheme:light ) { b {} }'

  it('answers its own queries for the reader, whatever this desk is', () => {
    expect(forScheme(css, true)).toBe('@media (min-width: 0px) { a { color: red } } @media (max-width: 0px) { b {} }')
    expect(forScheme(css, false)).toBe('@media (max-width: 0px) { a { color: red } } @media (min-width: 0px) { b {} }')
  })
})
