import { describe, expect, it } from 'vitest'
import { forPolicy, forScheme } from '../../../src/renderer/mail/preview-document.ts'

describe('a mail looked at in the dark', () => {
  const css = '@media (prefers-color-scheme: dark) { a { color: red } } @media ( Prefers-Color-Scheme:light ) { b {} }'

  it('answers its own queries for the reader, whatever this desk is', () => {
    expect(forScheme(css, true)).toBe('@media (min-width: 0px) { a { color: red } } @media (max-width: 0px) { b {} }')
    expect(forScheme(css, false)).toBe('@media (max-width: 0px) { a { color: red } } @media (min-width: 0px) { b {} }')
  })
})

describe('what the policy of the page would complain of', () => {
  it('has another name or the nonce while the mail is parsed, and all else is as it was', () => {
    const mail = `<STYLE type=a>p { x: y }</STYLE><p STYLE="color: red" title="a style='b'" style='x'>style="y" <a href=z style=w>1 < 2</a></p>`
    expect(forPolicy(mail, 'n')).toBe(
      `<style nonce="n" type=a>p { x: y }</STYLE><p data-mail-style="color: red" title="a style='b'" data-mail-style='x'>style="y" <a href=z data-mail-style=w>1 < 2</a></p>`
    )
  })
})
